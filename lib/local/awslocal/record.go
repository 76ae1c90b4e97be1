package awslocal

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// RecordedCall is a line of a file in Options.Record: a call of the AWS endpoint whose work was done, and its answer, even if a fault lost it.
type RecordedCall struct {
	Number             int // in the order in which calls began, from 1
	Service, Operation string
	Caller             string // access key ID
	Method, URL        string // path and query
	ContentType        string
	Target             string `json:",omitempty"` // X-Amz-Target
	Query              bool   `json:",omitempty"` // whether the client reads the error codes of SQS's query protocol
	Body               []byte
	Clock              time.Duration // how much the Server's clock was ahead of the machine's
	Status             int
	ErrorCode          string `json:",omitempty"`
	Answer             []byte
}

// record writes RecordedCalls to a file. A nil record writes nothing.
type record struct {
	mu     sync.Mutex
	number int
	file   *os.File
	failed error
}

// newRecord creates a file in a folder, which must exist.
func newRecord(dir string) (*record, error) {
	file, err := os.Create(filepath.Join(dir, awsapi.NewID()+".jsonl"))
	if err != nil {
		return nil, fmt.Errorf("record calls: %w", err)
	}
	return &record{file: file}, nil
}

func (r *record) begin() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.number++
	return r.number
}

func (r *record) write(call RecordedCall) {
	line, err := json.Marshal(call)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		_, err = r.file.Write(append(line, '\n'))
	}
	r.failed = errors.Join(r.failed, err)
}

// close closes the file, and returns what could not be written.
func (r *record) close() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.failed, r.file.Close())
}

// recorded returns a handler that also records calls.
func (s *Server) recorded(t target, handler http.Handler) http.Handler {
	if s.record == nil || t.caller == observer || t.service == "execute-api" {
		return handler
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := RecordedCall{
			Number: s.record.begin(), Service: t.service, Operation: t.operation, Caller: t.caller, Method: r.Method, URL: r.URL.RequestURI(),
			ContentType: r.Header.Get("Content-Type"), Target: r.Header.Get("X-Amz-Target"), Query: r.Header.Get("X-Amzn-Query-Mode") == "true",
			Body: t.input, Clock: s.clock.Offset(),
		}
		answer := &recorder{header: w.Header(), status: http.StatusOK}
		handler.ServeHTTP(answer, r)
		call.Status, call.ErrorCode, call.Answer = answer.status, w.Header().Get("X-Amzn-Errortype"), answer.body
		s.record.write(call)
		w.WriteHeader(answer.status)
		_, _ = w.Write(answer.body) // fails only if the client has gone
	})
}
