package lambda

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
)

// maxLine is the length after which a line of output is split, in bytes.
const maxLine = 64 * 1024

// sink receives the output of all processes of a function.
type sink struct {
	mu sync.Mutex
	to io.Writer // may be nil
}

func (s *sink) writeLine(line []byte) {
	if s.to == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.to.Write(line) // handling errors is up to the writer
}

// output receives the output of one process and passes it on in whole lines, so that lines of several processes do not mix.
type output struct {
	sink    *sink
	print   io.Writer // the log stream of the process
	log     *slog.Logger
	pending []byte
}

// Write never fails, because a function must not crash if its logs cannot be written.
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

// Close passes on the last line if it does not end in a newline.
func (o *output) Close() error {
	if len(o.pending) > 0 {
		o.emit(append(o.pending, '\n'))
		o.pending = nil
	}
	return nil
}

func (o *output) emit(line []byte) {
	o.sink.writeLine(line)
	_, _ = o.print.Write(line) // it never fails
	o.log.Debug("function output", "line", string(bytes.TrimRight(line, "\n")))
}
