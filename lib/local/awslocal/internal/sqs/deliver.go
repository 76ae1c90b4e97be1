package sqs

import "context"

// Deliver adds a message that another AWS service sends to the queue with an ARN, on behalf of one of its resources. It fails if the queue's policy
// does not allow that.
func (s *Service) Deliver(service, source, queueARN, body string, attributes map[string]AttributeValue) error {
	o := &outgoing{MessageBody: body, MessageAttributes: attributes}
	if err := o.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.byARN(queueARN)
	if q == nil {
		return noSuchQueue()
	}
	if !q.policy.allows(service, queueARN, source) {
		return refusal("AccessDenied", "the policy of %s does not allow %s to send messages on behalf of %s", queueARN, service, source)
	}
	defer s.noteAll(q)
	_, err := s.enqueue(context.Background(), q, o)
	return err
}
