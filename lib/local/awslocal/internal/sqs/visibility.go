package sqs

import (
	"context"
	"time"
)

type changeMessageVisibilityInput struct {
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (s *Service) changeMessageVisibility(_ context.Context, in *changeMessageVisibilityInput) (*empty, error) {
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error {
		return q.changeVisibility(in.ReceiptHandle, in.VisibilityTimeout, s.clock.Now())
	})
}

// changeVisibility sets how long from now a message in flight stays hidden, up to 12 hours after it was received.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
func (q *queue) changeVisibility(handle string, timeout *int, now time.Time) error {
	if timeout == nil {
		return missingParameter("VisibilityTimeout")
	}
	seconds, err := intParameter("VisibilityTimeout", timeout, 0, 0, maxVisibilitySeconds)
	if err != nil {
		return err
	}
	h, err := q.parseHandle(handle)
	if err != nil {
		return err
	}
	q.refresh(now)
	m := q.messageOf(h)
	if m == nil {
		return invalidParameter("Value %s for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for"+
			" visibility timeout change.", handle)
	}
	if m.heap != &q.inFlight {
		return prefixed("MessageNotInflight", "The specified message isn't in flight.")
	}
	until := now.Add(time.Duration(seconds) * time.Second)
	if until.Sub(m.lastReceived) > maxVisibilitySeconds*time.Second {
		return invalidParameter("Value %d for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is"+
			" beyond the limit [%d seconds].", seconds, maxVisibilitySeconds)
	}
	m.visibleAt = until
	q.inFlight.put(m)
	q.keeper.save(m)
	q.notify()
	return nil
}

type visibilityEntry struct {
	batchEntry
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (s *Service) changeMessageVisibilityBatch(_ context.Context, in *batchInput[visibilityEntry]) (*batchOutput[batchEntry], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return runBatch(s, in, func(q *queue, e visibilityEntry) (batchEntry, error) {
		return e.batchEntry, q.changeVisibility(e.ReceiptHandle, e.VisibilityTimeout, s.clock.Now())
	})
}
