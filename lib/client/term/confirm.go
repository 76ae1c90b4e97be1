package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Confirm's errors, besides that of the context.
var (
	ErrNoTerminal  = errors.New("cannot ask for confirmation without a terminal")
	ErrWrongAnswer = errors.New("not confirmed")
)

// Confirm asks the question on stderr, and returns nil if the next line of stdin is want. The error is ErrNoTerminal if stdin is not a
// terminal, ErrWrongAnswer with the text that was typed instead of want, or the cause of ctx's end.
func (t *Terminal) Confirm(ctx context.Context, question, want string) error {
	if !IsTerminal(t.Stdin) {
		return ErrNoTerminal
	}
	fmt.Fprint(t.Stderr, t.safe(t.Stderr, question))
	typed := make(chan string, 1)
	go func() { typed <- readLine(t.Stdin) }() // a read cannot be canceled: after an interruption, this goroutine keeps waiting
	select {
	case line := <-typed:
		if answer := strings.TrimSpace(line); answer != want {
			return fmt.Errorf("%w: %q is not %q", ErrWrongAnswer, answer, want)
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// readLine reads up to a newline, and no byte beyond it, because what follows may be the answer to the next question.
func readLine(r io.Reader) string {
	var line []byte
	for b := make([]byte, 1); ; {
		n, err := r.Read(b)
		if n > 0 && b[0] == '\n' || err != nil {
			return string(line)
		}
		line = append(line, b[:n]...)
	}
}
