package storage

import (
	"context"
	"fmt"
	"sync"
	"time"

	"heroku-drains/lib/drain"
)

// queue is what a warm function knows of a drain's queue.
type queue struct {
	name, app string

	// turn holds a token while a batch of the queue is stored. Lambda gives an instance of the function one batch at a time; where one
	// process serves several, of two copies of a message neither must be taken for stored, nor be stored, while the other is on its way.
	turn chan struct{}

	// What follows belongs to the batch whose turn it is.
	settings drain.Settings
	asked    time.Time // when the settings were last looked up
	url      string
}

// queues are the queues that a function has had batches of.
type queues struct {
	names drain.Names

	mu    sync.Mutex
	known map[string]*queue // by ARN
}

// find gives the queue of an ARN, which must be a drain's.
func (s *queues) find(arn string) (*queue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q, ok := s.known[arn]; ok {
		return q, nil
	}
	app, ok := s.names.AppOfQueueARN(arn)
	if !ok {
		return nil, fmt.Errorf("%q is not the queue of a drain: its name must be the stack's prefix and an app's name", arn)
	}
	q := &queue{name: s.names.Queue(app), app: app, turn: make(chan struct{}, 1)}
	s.known[arn] = q
	return q, nil
}

// begin waits until no other batch of the queue is being stored.
func (q *queue) begin(ctx context.Context) error {
	select {
	case q.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for another batch of queue %s: %w", q.name, ctx.Err())
	}
}

func (q *queue) end() { <-q.turn }
