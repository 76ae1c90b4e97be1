package console

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

const (
	// writeLimit is how long the page may take to read what was written before its connection counts as dead.
	writeLimit = time.Minute
	// bufferSize is how much is collected before it is written, in bytes.
	bufferSize = 64 << 10
)

// stream writes the items of a response of /api/lines, one JSON object a line. Its buffer is small and never grows: if the page reads slowly,
// the write waits, and with it the search for more lines, so that none is left out. It is safe for concurrent use.
type stream struct {
	mu     sync.Mutex
	w      http.ResponseWriter
	http   *http.ResponseController
	buffer *bufio.Writer // nil before the first item
	err    error         // of the first write that failed
}

func newStream(w http.ResponseWriter) *stream {
	return &stream{w: w, http: http.NewResponseController(w)}
}

// begun reports whether the response has begun.
func (s *stream) begun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffer != nil
}

// failed returns the error of the first write that failed.
func (s *stream) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// line writes a line that is a JSON object. The first error of a write ends the response.
func (s *stream) line(object []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write([]byte(`{"line":`))
	s.write(object)
	s.write([]byte("}\n"))
	return s.err
}

// caughtUp says that all stored lines were written.
func (s *stream) caughtUp() { s.item(map[string]any{"caught_up": true}) }

// duplicates says how many more lines were left out as duplicates.
func (s *stream) duplicates(more int) {
	if more > 0 {
		s.item(map[string]any{"duplicates": more})
	}
}

// note writes a sentence about the stream.
func (s *stream) note(text string) { s.item(map[string]any{"note": text}) }

// fail says why the stream ends.
func (s *stream) fail(text string) { s.item(failure{message{text}}) }

// item writes an item at once.
func (s *stream) item(item any) {
	text, _ := json.Marshal(item) // has only texts and true
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(append(text, '\n'))
	s.flush()
}

// write must be called with the lock.
func (s *stream) write(text []byte) {
	if s.err != nil {
		return
	}
	if s.buffer == nil {
		s.w.Header().Set("Content-Type", "application/x-ndjson")
		s.w.WriteHeader(http.StatusOK)
		s.buffer = bufio.NewWriterSize(s.w, bufferSize)
	}
	if s.buffer.Available() < len(text) {
		s.limit()
	}
	_, s.err = s.buffer.Write(text)
}

// flush must be called with the lock.
func (s *stream) flush() {
	if s.err != nil || s.buffer == nil {
		return
	}
	s.limit()
	if s.err = s.buffer.Flush(); s.err == nil {
		s.err = s.http.Flush()
	}
}

// limit limits the next write. Not every ResponseWriter can: the server's own does.
func (s *stream) limit() { _ = s.http.SetWriteDeadline(time.Now().Add(writeLimit)) }

// end sends what is left. The limit was for this response only: the next one of the connection begins without it.
func (s *stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	_ = s.http.SetWriteDeadline(time.Time{})
}

// flushed returns a wait that first sends what was written.
func (s *stream) flushed(wait func(context.Context, time.Duration) error) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		s.mu.Lock()
		s.flush()
		err := s.err
		s.mu.Unlock()
		if err != nil {
			return err
		}
		return wait(ctx, d)
	}
}

// keepAlive writes a ping from time to time, until the returned function is called.
func (s *stream) keepAlive(ctx context.Context, every time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				s.item(map[string]any{"ping": true})
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
