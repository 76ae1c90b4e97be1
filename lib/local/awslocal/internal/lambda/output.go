package lambda

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
)

// maxLine is where a line of output without an end is cut.
const maxLine = 64 * 1024

// sink is where the output of all of a function's processes goes.
type sink struct {
	mu sync.Mutex
	to io.Writer // may be nil
}

func (s *sink) line(line []byte) {
	if s.to == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.to.Write(line) // who gives a writer sees to its errors
}

// output takes what one process prints, and passes it on in whole lines, so that those of several processes do not mix.
type output struct {
	sink    *sink
	log     *slog.Logger
	pending []byte
}

// Write never fails: a function must not die of its logs.
func (o *output) Write(p []byte) (int, error) {
	o.pending = append(o.pending, p...)
	for {
		end := bytes.IndexByte(o.pending, '\n') + 1
		if end == 0 && len(o.pending) < maxLine {
			return len(p), nil
		}
		if end == 0 {
			end = maxLine
		}
		o.emit(o.pending[:end])
		o.pending = o.pending[end:]
	}
}

// Close passes on a last line that has no end.
func (o *output) Close() error {
	if len(o.pending) > 0 {
		o.emit(append(o.pending, '\n'))
		o.pending = nil
	}
	return nil
}

func (o *output) emit(line []byte) {
	o.sink.line(line)
	o.log.Debug("function output", "line", string(bytes.TrimRight(line, "\n")))
}
