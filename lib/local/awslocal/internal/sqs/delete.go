package sqs

import "context"

type deleteMessageInput struct {
	QueueUrl      string
	ReceiptHandle string
}

func (s *Service) deleteMessage(_ context.Context, in *deleteMessageInput) (*empty, error) {
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error { return q.delete(in.ReceiptHandle) })
}

// delete deletes the message that a handle holds. The handle of an earlier receive succeeds and deletes nothing, as does one of a message
// that is gone: "the message might not be deleted".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
func (q *queue) delete(handle string) error {
	h, err := q.parseHandle(handle)
	if err != nil {
		return err
	}
	if m := q.held(h); m != nil {
		q.remove(m)
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
