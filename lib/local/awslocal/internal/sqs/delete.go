package sqs

import "context"

type deleteMessageInput struct {
	QueueUrl      string
	ReceiptHandle string
}

func (s *Service) deleteMessage(_ context.Context, in *deleteMessageInput) (*empty, error) {
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error { return s.delete(q, in.ReceiptHandle) })
}

// delete deletes the message that a receipt handle stands for. With the handle of an earlier receive or of a deleted message it succeeds
// without deleting anything: "the message might not be deleted".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
func (s *Service) delete(q *queue, handle string) error {
	h, err := q.parseHandle(handle)
	if err != nil {
		return err
	}
	m := q.messageOf(h)
	if m == nil {
		return nil
	}
	if s.disturb("DeleteMessage", q.name).Duplicate && !m.revived {
		m.revived = true
		return nil
	}
	q.remove(m)
	q.keeper.drop(m)
	return nil
}

type deleteEntry struct {
	batchEntry
	ReceiptHandle string
}

func (s *Service) deleteMessageBatch(_ context.Context, in *batchInput[deleteEntry]) (*batchOutput[batchEntry], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return runBatch(s, in, func(q *queue, e deleteEntry) (batchEntry, error) {
		return e.batchEntry, s.delete(q, e.ReceiptHandle)
	})
}
