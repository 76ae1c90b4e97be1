package sqs

import "context"

type deleteMessageInput struct {
	QueueUrl      string
	ReceiptHandle string
}

func (s *Service) deleteMessage(_ context.Context, in *deleteMessageInput) (*empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, q.delete(in.ReceiptHandle)
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
	ID            string `json:"Id"`
	ReceiptHandle string
}

type doneEntry struct {
	ID string `json:"Id"`
}

func (s *Service) deleteMessageBatch(_ context.Context, in *batchInput[deleteEntry]) (*batchOutput[doneEntry], error) {
	if err := in.check(func(e deleteEntry) string { return e.ID }); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	out := newBatchOutput[doneEntry]()
	for _, entry := range in.Entries {
		out.add(entry.ID, doneEntry{entry.ID}, q.delete(entry.ReceiptHandle))
	}
	return out, nil
}
