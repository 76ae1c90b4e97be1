package awslocal

import (
	"maps"
	"net/http"
	"sync"
)

// Call is one signed call of the AWS endpoint, or one signed request to the API gateway.
type Call struct {
	Service        string // signing name, such as sqs; execute-api for the gateway
	Operation      string // such as SendMessage, or the method for the gateway; empty if the service does not have the operation
	AccessKeyID    string
	Path           string            // of the URL; names the resource in Lambda's API
	Query          string            // of the URL
	Input          []byte            // the request's body: JSON, a form for STS and SNS, or CBOR for CloudWatch
	MappedFunction string            // if Path names an event source mapping: the ARN of its function
	QueueTags      map[string]string // if Input names a queue: its tags before the call
}

// DoneCall is a call of the AWS endpoint that reached its service, whatever a fault then made of the answer.
type DoneCall struct {
	Call
	Status int // of the service's answer
}

// noticed returns a handler that also notifies the listeners of OnDone.
func (s *Server) noticed(call Call, handler http.Handler) http.Handler {
	if s.done.none() {
		return handler
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		handler.ServeHTTP(answer, r)
		s.done.notify(DoneCall{Call: call, Status: answer.status})
	})
}

// statusWriter is a ResponseWriter that keeps the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// listeners are functions that are called for each event, until they are removed.
type listeners[Event any] struct {
	mu   sync.Mutex
	next int
	by   map[int]func(Event)
}

func (l *listeners[Event]) add(f func(Event)) (remove func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nil {
		l.by = make(map[int]func(Event))
	}
	id := l.next
	l.next++
	l.by[id] = f
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.by, id)
	}
}

func (l *listeners[Event]) none() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.by) == 0
}

// notify calls every listener.
func (l *listeners[Event]) notify(e Event) {
	l.mu.Lock()
	all := maps.Clone(l.by)
	l.mu.Unlock()
	for _, f := range all {
		f(e)
	}
}
