// Package esm implements Lambda's event source mappings for SQS: their API, their states, and the pollers that pass a queue's messages to
// a function. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
package esm

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
	"heroku-drains/lib/local/awslocal/internal/sqs"
)

// Queues is the part of SQS that mappings use.
type Queues interface {
	VisibilityTimeout(arn string) (timeout time.Duration, exists bool)
	// Receive returns up to most messages and hides them for the queue's visibility timeout. It waits up to wait for the first message. Release
	// says that so many of them are not being processed any more.
	Receive(ctx context.Context, arn string, most int, wait time.Duration) ([]sqs.Message, error)
	Release(arn string, messages int)
	Delete(arn string, receiptHandles ...string)
}

// Target is a function that a mapping can invoke.
type Target struct {
	ARN     string // with a qualifier if the mapping was given one
	Name    string
	Timeout time.Duration
}

// Functions is the rest of Lambda, as far as mappings use it.
type Functions interface {
	Resolve(nameOrARN string) (Target, error)
	Invoke(ctx context.Context, arn string, payload []byte) ([]byte, error)
}

// Config holds what mappings need from the rest of the embedded AWS. The times are optional.
type Config struct {
	Account   awsapi.Account
	Clock     *clock.Clock
	Queues    Queues
	Functions Functions
	// Transition returns how long a mapping, which a call has just changed, stays in a state such as Creating, Updating or Deleting. If it is 0, only
	// the response of the call shows that state.
	Transition func(Change) time.Duration
	// ListLag is how long ListEventSourceMappings leaves out a new mapping. GetEventSourceMapping shows it at once.
	ListLag time.Duration
	Journal *journal.Store // nil: mappings are kept in memory alone
	Log     *slog.Logger
}

// Change is a call that changes a mapping.
type Change struct {
	Operation     string // such as CreateEventSourceMapping
	ID            string
	Queue, Target string // ARNs
}

// Service holds the event source mappings.
type Service struct {
	config Config

	lifetime context.Context // canceled by Close
	end      context.CancelFunc
	tasks    sync.WaitGroup // transitions, pollers, and batches that functions are processing
	batches  sync.WaitGroup // pollers, and batches that functions are processing

	mu       sync.Mutex
	closed   bool
	mappings []*mapping // in order of creation
	created  int        // number of mappings ever created
}

// New returns a Service with the mappings in the journal.
func New(c Config) (*Service, error) {
	s := &Service{config: c}
	s.lifetime, s.end = context.WithCancel(context.Background())
	return s, s.restore()
}

// Routes adds the mappings' operations to a Mux. Older SDKs end the collection's path with a slash.
func (s *Service) Routes(m *restjson.Mux) {
	const one = "/2015-03-31/event-source-mappings/{UUID}"
	for _, all := range []string{"/2015-03-31/event-source-mappings", "/2015-03-31/event-source-mappings/{$}"} {
		m.Handle("CreateEventSourceMapping", "POST "+all, restjson.Op(http.StatusAccepted, s.create))
		m.Handle("ListEventSourceMappings", "GET "+all, restjson.Op(http.StatusOK, s.list))
	}
	m.Handle("GetEventSourceMapping", "GET "+one, restjson.Op(http.StatusOK, s.get))
	m.Handle("UpdateEventSourceMapping", "PUT "+one, restjson.Op(http.StatusAccepted, s.update))
	m.Handle("DeleteEventSourceMapping", "DELETE "+one, restjson.Op(http.StatusAccepted, s.delete))
	m.Handle("ListTags", "GET /2017-03-31/tags/{Resource}", restjson.Op(http.StatusOK, s.listTags))
	m.Handle("TagResource", "POST /2017-03-31/tags/{Resource}", restjson.Op(http.StatusNoContent, s.tag))
	m.Handle("UntagResource", "DELETE /2017-03-31/tags/{Resource}", restjson.Op(http.StatusNoContent, s.untag))
}

// Finish stops all pollers, and waits until no function is processing a batch any more, or ctx ends. No mapping may be changed afterwards.
func (s *Service) Finish(ctx context.Context) {
	s.mu.Lock()
	s.closed = true
	for _, m := range s.mappings {
		m.stopPoller()
	}
	s.mu.Unlock()
	finished := make(chan struct{})
	go func() { // ends with Close at the latest
		s.batches.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-ctx.Done():
	}
}

// Close stops all pollers, and waits for them and for running batches, whose invocations must have been canceled.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.tasks.Wait()
}

// background runs f in the background, unless the Service is closed. The Service must be locked.
func (s *Service) background(f func()) {
	if !s.closed {
		s.tasks.Go(f)
	}
}

// lock locks the Service and brings all mappings up to date.
func (s *Service) lock() {
	s.mu.Lock()
	s.endDueTransitions()
}

// endDueTransitions ends the transitions that are due. The Service must be locked.
func (s *Service) endDueTransitions() {
	now := s.config.Clock.Now()
	for _, m := range slices.Clone(s.mappings) {
		if m.next != settled && !now.Before(m.due) {
			s.endTransition(m)
		}
	}
}

// Mapped returns the ARNs of a mapping's queue and function, or "" if the mapping does not exist.
func (s *Service) Mapped(id string) (queue, function string) {
	s.lock()
	defer s.mu.Unlock()
	m, err := s.find(id)
	if err != nil {
		return "", ""
	}
	return m.queue, m.function.ARN
}

// Of returns the IDs of a queue's mappings.
func (s *Service) Of(queueARN string) []string {
	s.lock()
	defer s.mu.Unlock()
	var ids []string
	for _, m := range s.mappings {
		if m.queue == queueARN {
			ids = append(ids, m.id)
		}
	}
	return ids
}

// Polling returns how many mappings poll their queue. On AWS, each of them has several pollers, of which each makes a call every 20 seconds while the
// queue is empty. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
func (s *Service) Polling() int {
	s.lock()
	defer s.mu.Unlock()
	n := 0
	for _, m := range s.mappings {
		if m.stop != nil {
			n++
		}
	}
	return n
}

// LastResult returns how a mapping's last batch ended, or "" if the mapping does not exist.
func (s *Service) LastResult(id string) string {
	s.lock()
	defer s.mu.Unlock()
	m, err := s.find(id)
	if err != nil {
		return ""
	}
	return m.lastResult
}

// find returns the mapping with an ID. The Service must be locked.
func (s *Service) find(id string) (*mapping, error) {
	for _, m := range s.mappings {
		if m.id == id {
			return m, nil
		}
	}
	return nil, restjson.NotFoundf("The resource you requested does not exist.")
}
