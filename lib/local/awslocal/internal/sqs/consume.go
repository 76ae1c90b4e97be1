package sqs

import (
	"context"
	"time"
)

// The methods of this file are for event source mappings, which reach their queue without HTTP.

// Exists tells whether a queue is there.
func (s *Service) Exists(arn string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byARN(arn) != nil
}

// VisibilityTimeout is a queue's; false when there is no such queue.
func (s *Service) VisibilityTimeout(arn string) (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.byARN(arn)
	if q == nil {
		return 0, false
	}
	return q.seconds("VisibilityTimeout"), true
}

// Receive hides up to most messages for the queue's visibility time and returns them. It returns as soon as there is one, or none
// after wait. Unlike ReceiveMessage it takes any number of messages: a mapping gathers its batch by many receives.
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

// Delete deletes the messages that receipt handles hold; handles of an earlier receive, or of a queue that is gone, do nothing.
func (s *Service) Delete(arn string, receiptHandles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.byARN(arn)
	if q == nil {
		return
	}
	for _, handle := range receiptHandles {
		_ = q.delete(handle) // what Receive gave out is valid
	}
}
