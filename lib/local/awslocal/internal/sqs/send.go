package sqs

import (
	"context"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// outgoing is a message in the form its sender gives it.
type outgoing struct {
	MessageBody       string
	DelaySeconds      *int
	MessageAttributes map[string]AttributeValue
}

func (o *outgoing) size() int {
	return len(o.MessageBody) + attributesSize(o.MessageAttributes)
}

// check applies the rules that do not depend on the queue's settings.
func (o *outgoing) check() error {
	if o.DelaySeconds != nil && (*o.DelaySeconds < 0 || *o.DelaySeconds > numericAttributes["DelaySeconds"].high) {
		return invalidParameter("Value %d for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= %d.",
			*o.DelaySeconds, numericAttributes["DelaySeconds"].high)
	}
	if err := checkCharacters(o.MessageBody, "message body"); err != nil {
		return err
	}
	return checkMessageAttributes(o.MessageAttributes)
}

type sent struct {
	MessageID     string `json:"MessageId"`
	BodyMD5       string `json:"MD5OfMessageBody"`
	AttributesMD5 string `json:"MD5OfMessageAttributes,omitempty"`
}

// enqueue adds a message, which check must have accepted, to a queue.
func (s *Service) enqueue(ctx context.Context, q *queue, o *outgoing) (sent, error) {
	if limit := q.settings.number("MaximumMessageSize"); o.size() > limit {
		return sent{}, invalidParameter("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", limit)
	}
	delay := q.seconds("DelaySeconds")
	if o.DelaySeconds != nil {
		delay = time.Duration(*o.DelaySeconds) * time.Second
	}
	now := s.clock.Now()
	s.arrival++
	m := &message{
		id:         awsapi.NewID(),
		body:       o.MessageBody,
		attributes: o.MessageAttributes,
		sender:     awsapi.Caller(ctx),
		sent:       now,
		arrival:    s.arrival,
	}
	q.add(m, now, delay)
	s.meter.Publish(now, meter.OfQueue(meter.MessagesSent, q.name), 1)
	s.meter.Publish(now, meter.OfQueue(meter.MessageSize, q.name), float64(o.size()))
	s.keeper.save(messageBody{m}, m)
	return sent{m.id, checksum(m.body), attributesChecksum(m.attributes)}, nil
}

type sendMessageInput struct {
	QueueUrl string
	outgoing
}

func (s *Service) sendMessage(ctx context.Context, in *sendMessageInput) (*sent, error) {
	if in.MessageBody == "" {
		return nil, missingParameter("MessageBody")
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	s.countPayload(ctx, in.size())
	out := new(sent)
	return out, s.withQueue(in.QueueUrl, func(q *queue) (err error) {
		*out, err = s.enqueue(ctx, q, &in.outgoing)
		return err
	})
}

type sendEntry struct {
	batchEntry
	outgoing
}

type sentEntry struct {
	batchEntry
	sent
}

// sendMessageBatch sends up to 10 messages of 1 MiB in total. An invalid message does not affect the others.
func (s *Service) sendMessageBatch(ctx context.Context, in *batchInput[sendEntry]) (*batchOutput[sentEntry], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	total := 0
	for i := range in.Entries {
		if in.Entries[i].MessageBody == "" {
			return nil, missingParameter("MessageBody")
		}
		total += in.Entries[i].size()
	}
	if total > maxRequestBytes {
		return nil, prefixed("BatchRequestTooLong",
			"Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxRequestBytes, total)
	}
	s.countPayload(ctx, total)
	return runBatch(s, in, func(q *queue, e sendEntry) (sentEntry, error) {
		if err := e.check(); err != nil {
			return sentEntry{}, err
		}
		done, err := s.enqueue(ctx, q, &e.outgoing)
		return sentEntry{batchEntry: e.batchEntry, sent: done}, err
	})
}
