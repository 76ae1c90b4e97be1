package sqs

import (
	"context"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

type receiveMessageInput struct {
	QueueUrl                    string
	AttributeNames              []string // the deprecated name of MessageSystemAttributeNames
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
}

type receiveMessageOutput struct {
	Messages []Message `json:",omitempty"`
}

// systemAttributes lists the names that ReceiveMessage accepts.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
var systemAttributes = []string{"All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp",
	"SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn"}

func (s *Service) receiveMessage(ctx context.Context, in *receiveMessageInput) (*receiveMessageOutput, error) {
	most, err := intParameter("MaxNumberOfMessages", in.MaxNumberOfMessages, 1, 1, maxBatch)
	if err != nil {
		return nil, err
	}
	names := slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames)
	for _, name := range names {
		if !slices.Contains(systemAttributes, name) {
			return nil, refusal("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
	}
	s.mu.Lock()
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	presetVisibility, presetWait := q.settings.number("VisibilityTimeout"), q.settings.number("ReceiveMessageWaitTimeSeconds")
	s.mu.Unlock()
	visibility, err := intParameter("VisibilityTimeout", in.VisibilityTimeout, presetVisibility, 0, maxVisibilitySeconds)
	if err != nil {
		return nil, err
	}
	wait, err := intParameter("WaitTimeSeconds", in.WaitTimeSeconds, presetWait, 0, maxWaitSeconds)
	if err != nil {
		return nil, err
	}
	messages, err := s.receive(ctx, q, most, time.Duration(visibility)*time.Second, time.Duration(wait)*time.Second, func(int) {})
	if err != nil {
		return nil, err
	}
	s.countPayload(ctx, payload(messages))
	for i := range messages {
		m := &messages[i]
		m.Attributes = selectAttributes(m.Attributes, names)
		m.MessageAttributes = selectMessageAttributes(m.MessageAttributes, in.MessageAttributeNames)
		m.AttributesMD5 = attributesChecksum(m.MessageAttributes)
	}
	return &receiveMessageOutput{messages}, nil
}

// intParameter returns an optional number of a request, or preset if it was not given. It fails if the number is out of range.
func intParameter(name string, given *int, preset, low, high int) (int, error) {
	if given == nil {
		return preset, nil
	}
	if *given < low || *given > high {
		return 0, invalidParameter("Value %d for parameter %s is invalid. Reason: Must be between %d and %d, if provided.",
			*given, name, low, high)
	}
	return *given, nil
}

// selectMessageAttributes returns the requested attributes. A request is a name, "prefix.*", or "All" or ".*" for all attributes.
func selectMessageAttributes(all map[string]AttributeValue, names []string) map[string]AttributeValue {
	chosen := make(map[string]AttributeValue)
	for name, value := range all {
		if slices.ContainsFunc(names, func(wanted string) bool {
			prefix, isPrefix := strings.CutSuffix(wanted, ".*")
			return wanted == "All" || wanted == name || isPrefix && strings.HasPrefix(name, prefix)
		}) {
			chosen[name] = value
		}
	}
	return chosen
}

// receive returns up to most messages and hides them for the visibility timeout. It waits up to wait for the first message. count gets their number
// while the Service is still locked.
func (s *Service) receive(ctx context.Context, q *queue, most int, visibility, wait time.Duration, count func(n int)) ([]Message, error) {
	deadline := s.clock.Now().Add(wait)
	for {
		s.mu.Lock()
		if err := ctx.Err(); err != nil { // nobody would get the messages
			s.mu.Unlock()
			return nil, err
		}
		s.sweep()
		if s.queues[q.name] != q {
			s.mu.Unlock()
			return nil, noSuchQueue()
		}
		now := s.clock.Now()
		messages := s.take(q, now, most, visibility)
		count(len(messages))
		s.noteAll(q)
		changed, next := q.changed, q.nextVisible(deadline)
		full := q.inFlight.Len() >= maxInFlight
		s.mu.Unlock()

		switch {
		case len(messages) > 0:
			return messages, nil
		case full && wait == 0: // a long poll returns no message, and no error
			return nil, refusal("OverLimit", "Too many messages in flight: at most %d.", maxInFlight)
		case !now.Before(deadline):
			return nil, nil
		}
		if err := s.clock.WaitUntilOr(ctx, next, changed); err != nil {
			return nil, err
		}
	}
}

// take receives the messages that are visible now, up to the limits. It moves messages that were received too often to the dead-letter
// queue instead.
func (s *Service) take(q *queue, now time.Time, most int, visibility time.Duration) []Message {
	q.refresh(now)
	var messages []Message
	var changed []journal.Entity
	var copies []*message
	for len(messages) < most && q.inFlight.Len() < maxInFlight {
		m := q.visible.first()
		if m == nil {
			break
		}
		disturbance := s.disturb("ReceiveMessage", q.name)
		if disturbance.Pick != nil {
			m = q.visible.messages[disturbance.Pick(q.visible.Len())]
		}
		if q.redrive.Target != "" && m.receives >= q.redrive.MaxReceiveCount {
			if dead := s.byARN(q.redrive.Target); dead != nil {
				s.moveToDeadLetterQueue(m, q, dead, now)
				changed = append(changed, m)
				continue
			}
		}
		m.receives++
		m.lastReceived = now
		if m.firstReceived.IsZero() {
			m.firstReceived = now
		}
		m.visibleAt = now.Add(visibility)
		q.inFlight.put(m)
		messages = append(messages, m.received(q))
		changed = append(changed, m)
		if disturbance.Duplicate && !m.copied {
			m.copied = true
			copies = append(copies, m)
		}
	}
	for _, m := range copies {
		q.visible.put(m)
		q.notify()
	}
	s.keeper.save(changed...)
	return messages
}

// moveToDeadLetterQueue moves a message to a dead-letter queue. The message keeps its ID, its receive count and the time it was sent:
// "the expiration of a message is always based on its original enqueue timestamp".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
func (s *Service) moveToDeadLetterQueue(m *message, from, dead *queue, now time.Time) {
	from.remove(m)
	m.source = from.arn
	s.arrival++
	m.arrival = s.arrival
	dead.add(m, now, 0)
	s.noteAll(dead)
}
