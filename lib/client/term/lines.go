package term

import (
	"bufio"
	"fmt"
)

// linesBuffer is how much a Lines collects before it writes, in bytes.
const linesBuffer = 64 << 10

// Lines writes lines to stdout, many at a time. It is not safe for concurrent use.
type Lines struct {
	terminal *Terminal
	raw      bool // stdout is not a terminal, and gets all bytes unchanged
	buffer   *bufio.Writer
}

// Lines returns a Lines. The caller must call Flush whenever what was printed should be seen, and at the end.
func (t *Terminal) Lines() *Lines {
	return &Lines{terminal: t, raw: !IsTerminal(t.Stdout), buffer: bufio.NewWriterSize(t.Stdout, linesBuffer)}
}

// Print prints a line. The error may be that of an earlier one.
func (l *Lines) Print(line []byte) error {
	var err error
	if l.raw {
		_, _ = l.buffer.Write(line) // the next write returns its error, too
		err = l.buffer.WriteByte('\n')
	} else {
		_, err = l.buffer.WriteString(l.terminal.safe(l.terminal.Stdout, string(line)+"\n"))
	}
	if err != nil {
		return fmt.Errorf("write to stdout: %w", err)
	}
	return nil
}

// Flush writes what was printed.
func (l *Lines) Flush() error {
	if err := l.buffer.Flush(); err != nil {
		return fmt.Errorf("write to stdout: %w", err)
	}
	return nil
}
