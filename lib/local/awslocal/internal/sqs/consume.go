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
// returns an empty slice if none arrives. Unlike ReceiveMessage, it accepts any number for most.
func (s *Service) Receive(ctx context.Context, arn string, most int, wait time.Duration) ([]Message, error) {
	s.mu.Lock()
	q := s.byARN(arn)
	if q == nil {
		s.mu.Unlock()
		return nil, noSuchQueue()
	}
	visibility := q.seconds("VisibilityTimeout")
	s.mu.Unlock()
	return s.receive(ctx, q, most, visibility, wait)
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
	s.keeper.together(func() {
		for _, handle := range receiptHandles {
			_ = s.delete(q, handle) // cannot fail: Receive returned the handle
		}
	})
}

// Backlog returns how many messages of a queue are visible and how many are hidden, and when the first of these becomes visible.
func (s *Service) Backlog(name string) (visible, hidden int, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[name]
	if q == nil {
		return 0, 0, time.Time{}
	}
	q.refresh(s.clock.Now())
	for _, waiting := range []*messageHeap{&q.inFlight, &q.delayed} {
		hidden += waiting.Len()
		if m := waiting.first(); m != nil && (next.IsZero() || m.visibleAt.Before(next)) {
			next = m.visibleAt
		}
	}
	return q.visible.Len(), hidden, next
}
