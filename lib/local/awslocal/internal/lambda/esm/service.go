// Package esm is Lambda's event source mappings for SQS: their API, their states, and the pollers that bring a queue's messages to a
// function. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
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
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
	"heroku-drains/lib/local/awslocal/internal/sqs"
)

// Queues is what mappings need of SQS.
type Queues interface {
	VisibilityTimeout(arn string) (timeout time.Duration, exists bool)
	// Receive hides up to most messages for the queue's visibility timeout. It returns as soon as there is one, or none after wait.
	Receive(ctx context.Context, arn string, most int, wait time.Duration) ([]sqs.Message, error)
	Delete(arn string, receiptHandles ...string)
}

// Target is a function that a mapping can invoke.
type Target struct {
	ARN     string // with a qualifier if the mapping was given one
	Name    string
	Timeout time.Duration
}

// Functions is what mappings need of the rest of Lambda.
type Functions interface {
	Resolve(nameOrARN string) (Target, error)
	Invoke(ctx context.Context, arn string, payload []byte) ([]byte, error)
}

// Config is what mappings need to run. Every field but TransitionTime is required.
type Config struct {
	Account        awsapi.Account
	Clock          *clock.Clock
	Queues         Queues
	Functions      Functions
	TransitionTime time.Duration // how long a mapping is Creating, Updating, Deleting …; 0: in the answer of the call alone
	Log            *slog.Logger
}

// Service holds the event source mappings.
type Service struct {
	config Config

	lifetime context.Context // ends with Close
	end      context.CancelFunc
	tasks    sync.WaitGroup // transitions, pollers and the batches they handed over

	mu       sync.Mutex
	closed   bool
	mappings []*mapping // in order of creation
	created  int        // how many there have ever been
}

// New makes a Service without mappings.
func New(c Config) *Service {
	s := &Service{config: c}
	s.lifetime, s.end = context.WithCancel(context.Background())
	return s
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

// Close stops every poller and waits for it and for the batches in flight, whose invocations must have been ended.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.tasks.Wait()
}

// begin runs f in the background, unless the service is closed. The lock is held.
func (s *Service) begin(f func()) {
	if !s.closed {
		s.tasks.Go(f)
	}
}

// lock locks the service and brings every mapping up to the time.
func (s *Service) lock() {
	s.mu.Lock()
	s.settle()
}

// settle ends the transitions that are due. The lock is held.
func (s *Service) settle() {
	now := s.config.Clock.Now()
	for _, m := range slices.Clone(s.mappings) {
		if m.next != resting && !now.Before(m.due) {
			s.arrive(m)
		}
	}
}

// FunctionARN returns the ARN of a mapping's function, or "" if the mapping does not exist.
func (s *Service) FunctionARN(id string) string {
	s.lock()
	defer s.mu.Unlock()
	m, err := s.find(id)
	if err != nil {
		return ""
	}
	return m.function.ARN
}

// find returns a mapping by its id. The lock is held.
func (s *Service) find(id string) (*mapping, error) {
	for _, m := range s.mappings {
		if m.id == id {
			return m, nil
		}
	}
	return nil, restjson.NotFoundf("The resource you requested does not exist.")
}
