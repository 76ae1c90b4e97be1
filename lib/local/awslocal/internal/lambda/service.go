// Package lambda implements AWS Lambda: functions, their invocation, and event source mappings for SQS, over Lambda's REST API.
// https://docs.aws.amazon.com/lambda/latest/api/welcome.html
package lambda

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/lambda/esm"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Config holds what Lambda needs from the rest of the embedded AWS. ListLag is optional.
type Config struct {
	Account     awsapi.Account
	Endpoint    string                          // AWS_ENDPOINT_URL of binaries, such as http://127.0.0.1:4566
	AccessKeyID string                          // the credentials of functions without an AccessKeyID
	Secret      func(accessKeyID string) string // returns the secret access key; creates one for an unknown access key
	// Intercept is called for invocations by the gateway and by mappings, which do not go over HTTP. It calls do unless a fault is injected.
	Intercept  func(ctx context.Context, function string, do func() ([]byte, error)) ([]byte, error)
	Clock      *clock.Clock
	Queues     esm.Queues
	Transition func(esm.Change) time.Duration // see esm.Config
	ListLag    time.Duration                  // see esm.Config
	Journal    *journal.Store
	Meter      *meter.Meter // nil: nothing is counted
	// Print returns a writer for whole lines that a process of a function prints, which become events of its log stream. It never fails.
	Print       func(function, stream string) io.Writer
	Concurrency int // how many invocations the account may run at a time
	Log         *slog.Logger
}

// Service holds one account's functions and event source mappings in one Region. It is an http.Handler.
type Service struct {
	config   Config
	mux      *restjson.Mux
	mappings *esm.Service

	lifetime context.Context // canceled by Close
	end      context.CancelFunc
	running  sync.WaitGroup // invocations
	slots    chan struct{}  // contains one token for each of them

	mu        sync.Mutex
	closed    bool
	functions map[string]*function // by name
}

// New returns a Service without functions, with the event source mappings in the journal.
func New(c Config) (*Service, error) {
	s := &Service{config: c, mux: restjson.NewMux(), functions: make(map[string]*function), slots: make(chan struct{}, c.Concurrency)}
	s.lifetime, s.end = context.WithCancel(context.Background())
	var err error
	s.mappings, err = esm.New(esm.Config{
		Account:    c.Account,
		Clock:      c.Clock,
		Queues:     c.Queues,
		Functions:  s,
		Transition: c.Transition,
		ListLag:    c.ListLag,
		Journal:    c.Journal,
		Log:        c.Log,
	})
	s.routes()
	s.mappings.Routes(s.mux)
	return s, err
}

// ServeHTTP answers one call of Lambda's API.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, r)
}

// Operation returns the name of the operation that a request is for, such as CreateEventSourceMapping, or "" if there is none.
func (s *Service) Operation(r *http.Request) string {
	return s.mux.Operation(r)
}

// LastResult returns how a mapping's last batch ended, which Lambda does not show.
func (s *Service) LastResult(mappingID string) string {
	return s.mappings.LastResult(mappingID)
}

// Mapped returns the ARNs of an event source mapping's queue and function, or "" if the mapping does not exist.
func (s *Service) Mapped(mappingID string) (queue, function string) {
	return s.mappings.Mapped(mappingID)
}

// MappingsOf returns the IDs of a queue's event source mappings.
func (s *Service) MappingsOf(queueARN string) []string { return s.mappings.Of(queueARN) }

// Kill ends a function's running invocations and warm processes, as a crash would, and returns how many it ended.
func (s *Service) Kill(name string) (int, error) {
	f, _, err := s.find(name)
	if err != nil {
		return 0, err
	}
	return f.runner.Kill(), nil
}

// Freeze stops a function's idle processes until their next invocation, as Lambda does, and returns how many it stopped.
func (s *Service) Freeze(name string) (int, error) {
	f, _, err := s.find(name)
	if err != nil {
		return 0, err
	}
	return f.runner.Freeze()
}

// KillCaller kills the process that makes a call, whose credentials are an access key ID and a session token. Functions in process have no token:
// the running invocations of those with this access key of their own fail.
func (s *Service) KillCaller(accessKeyID, sessionToken string) {
	if sessionToken == "" && accessKeyID == s.config.AccessKeyID {
		return // everyone uses it
	}
	s.mu.Lock()
	functions := maps.Clone(s.functions)
	s.mu.Unlock()
	for _, f := range functions {
		if f.AccessKeyID == accessKeyID {
			f.runner.KillProcess(sessionToken)
		}
	}
}

// Entities is a journal.Source.
func (s *Service) Entities(save func(journal.Entity)) { s.mappings.Entities(save) }

// Finish stops all mappings, and waits until no function is processing their messages any more, or ctx ends.
func (s *Service) Finish(ctx context.Context) { s.mappings.Finish(ctx) }

// Close stops all mappings, ends running invocations, kills all processes and waits until they have ended. A handler that ignores its
// context blocks it.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	functions := maps.Clone(s.functions)
	s.mu.Unlock()
	s.end()
	s.mappings.Close()
	s.running.Wait()
	for _, f := range functions {
		f.runner.Close()
	}
}

// background runs f in the background. It returns false if the Service is closed.
func (s *Service) background(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.running.Go(f)
	return true
}
