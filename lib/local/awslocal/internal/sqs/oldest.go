package sqs

import "time"

// OldestMessage returns the age of the oldest message in a queue, whether it is visible or not. It is false if there is no such queue, or if
// the queue is empty: SQS then does not report ApproximateAgeOfOldestMessage to CloudWatch.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
func (s *Service) OldestMessage(queue string) (age time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[queue]
	if q == nil {
		return 0, false
	}
	now := s.clock.Now()
	q.refresh(now)
	for _, m := range q.messages {
		age, ok = max(age, now.Sub(m.sent)), true
	}
	return age, ok
}
