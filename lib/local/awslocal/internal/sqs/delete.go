package sqs

import "context"

type deleteMessageInput struct {
	QueueUrl      string
	ReceiptHandle string
}

func (s *Service) deleteMessage(_ context.Context, in *deleteMessageInput) (*empty, error) {
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error { return q.delete(in.ReceiptHandle) })
}

// delete deletes the message that a receipt handle stands for. With the handle of an earlier receive or of a deleted message it succeeds
// without deleting anything: "the message might not be deleted".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
func (q *queue) delete(handle string) error {
	h, err := q.parseHandle(handle)
	if err != nil {
		return err
	}
	if m := q.messageOf(h); m != nil {
		q.remove(m)
		q.keeper.drop(m)
	}
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
		return e.batchEntry, q.delete(e.ReceiptHandle)
	})
}
