package storage

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"heroku-drains/lib/drain"
)

// queue is what a warm function remembers of a drain's queue.
type queue struct {
	arn arn.ARN
	app string

	// turn holds a token while a batch of the queue is being stored. Lambda gives each instance of the function one batch at a time, but
	// one process can also serve several. Then a copy of a message must wait until it is known whether the other one was stored.
	turn chan struct{}

	// These belong to the batch that holds the token.
	settings drain.Settings
	asked    time.Time // when the settings were last read
	matcher  Matcher   // nil: lines are not matched
}

// queues are the queues that a function has received batches from.
type queues struct {
	names drain.Names
	match func(app string) Matcher // nil: lines are not matched

	mu    sync.Mutex
	known map[string]*queue // by ARN
}

// find returns the queue with the ARN, which must be a drain's.
func (s *queues) find(text string) (*queue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q, ok := s.known[text]; ok {
		return q, nil
	}
	app, ok := s.names.AppOfQueueARN(text)
	parsed, err := arn.Parse(text)
	if !ok || err != nil {
		return nil, fmt.Errorf("%q is not the queue of a drain: its name must be the stack's prefix and an app's name", text)
	}
	q := &queue{arn: parsed, app: app, turn: make(chan struct{}, 1)}
	if s.match != nil {
		q.matcher = s.match(app)
	}
	s.known[text] = q
	return q, nil
}

// begin waits until no other batch of the queue is being stored. The caller must call end.
func (q *queue) begin(ctx context.Context) error {
	select {
	case q.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for another batch of queue %s: %w", q.arn.Resource, ctx.Err())
	}
}

func (q *queue) end() { <-q.turn }
