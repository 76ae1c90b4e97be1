package sqs

import (
	"context"
	"time"
)

// Event source mappings call the methods in this file directly, not over HTTP.

// VisibilityTimeout returns the visibility timeout of the queue with an ARN, and false if that queue does not exist.
func (s *Service) VisibilityTimeout(arn string) (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.byARN(arn)
	if q == nil {
		return 0, false
	}
	return q.seconds("VisibilityTimeout"), true
}

// Receive returns up to most messages and hides them for the queue's visibility timeout. It waits up to wait for the first message and
// returns an empty slice if none arrives. Unlike ReceiveMessage, it accepts any number for most. The messages are taken until Release.
func (s *Service) Receive(ctx context.Context, arn string, most int, wait time.Duration) ([]Message, error) {
	s.mu.Lock()
	q := s.byARN(arn)
	if q == nil {
		s.mu.Unlock()
		return nil, noSuchQueue()
	}
	visibility := q.seconds("VisibilityTimeout")
	s.mu.Unlock()
	messages, err := s.receive(ctx, q, most, visibility, wait, func(n int) { s.taken[arn] += n })
	s.countReceived(q.name, messages)
	return messages, err
}

// Release says that n messages of the queue with an ARN, which Receive has returned, are not being processed any more.
func (s *Service) Release(arn string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[arn] -= n
}

// Delete deletes the messages that the receipt handles stand for. It ignores handles of an earlier receive, and a queue that no longer
// exists.
func (s *Service) Delete(arn string, receiptHandles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.byARN(arn)
	if q == nil {
		return
	}
	defer s.noteAll(q)
	s.countDeleted(q.name, len(receiptHandles))
	s.keeper.together(func() {
		for _, handle := range receiptHandles {
			_ = s.delete(q, handle) // cannot fail: Receive returned the handle
		}
	})
}

// Backlog is what is left of the messages of a queue.
type Backlog struct {
	Visible int       // could be received now
	Hidden  int       // in flight or delayed
	Next    time.Time // when the first of the hidden messages becomes visible; zero if none is hidden
	Taken   int       // hidden because event source mappings have received them and their batches are still being processed
}

// Backlog returns what is left of the messages of a queue, by its name. It is zero if the queue does not exist.
func (s *Service) Backlog(name string) Backlog {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[name]
	if q == nil {
		return Backlog{}
	}
	q.refresh(s.clock.Now())
	b := Backlog{Visible: q.visible.Len(), Taken: s.taken[q.arn]}
	for _, waiting := range []*messageHeap{&q.inFlight, &q.delayed} {
		b.Hidden += waiting.Len()
		if m := waiting.first(); m != nil && (b.Next.IsZero() || m.visibleAt.Before(b.Next)) {
			b.Next = m.visibleAt
		}
	}
	return b
}
