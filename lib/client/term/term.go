// Package term is the terminal of a command-line program.
//
// Its rules:
//
//   - Data goes to stdout. Notes, progress, questions and errors go to stderr.
//   - A stream has colors if it is a terminal. The variable NO_COLOR with any value but the empty one (https://no-color.org),
//     TERM=dumb, and Terminal.NoColor turn them off.
//   - Progress is a spinner if stderr has colors, and otherwise a line per step.
//   - Whatever text is written, a log line or an error from elsewhere, a terminal gets no control characters but colors, if the stream has
//     them: the others are shown as visible symbols. A pipe gets all bytes unchanged.
//   - Before something is deleted, Confirm asks on stderr for its name, and reads the answer from stdin. It asks only on a terminal: without one, it fails, and never assumes consent.
package term

import (
	"fmt"
	"io"
	"os"

	"github.com/fatih/color"
	"github.com/mattn/go-isatty"
)

// Terminal is where a command reads and writes.
type Terminal struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	NoColor        bool // no colors and no spinner, even on a terminal
}

// New returns a Terminal on the three streams, with NoColor as the environment sets it.
func New(stdin io.Reader, stdout, stderr io.Writer) *Terminal {
	return &Terminal{
		Stdin: stdin, Stdout: stdout, Stderr: stderr,
		NoColor: os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb",
	}
}

// IsTerminal reports whether a stream is connected to a terminal rather than a file, a pipe or a buffer.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// PaintStdout returns text with the attributes if stdout has colors, and unchanged otherwise.
func (t *Terminal) PaintStdout(text string, attributes ...color.Attribute) string {
	return t.paint(t.Stdout, text, attributes)
}

// PaintStderr returns text with the attributes if stderr has colors, and unchanged otherwise.
func (t *Terminal) PaintStderr(text string, attributes ...color.Attribute) string {
	return t.paint(t.Stderr, text, attributes)
}

func (t *Terminal) paint(stream io.Writer, text string, attributes []color.Attribute) string {
	style := color.New(attributes...)
	if t.colored(stream) {
		style.EnableColor()
	} else {
		style.DisableColor()
	}
	return style.Sprint(text)
}

// HasColors reports whether stdout has colors.
func (t *Terminal) HasColors() bool { return t.colored(t.Stdout) }

// colored reports whether a stream has colors.
func (t *Terminal) colored(stream io.Writer) bool { return IsTerminal(stream) && !t.NoColor }

// Note writes a line to stderr.
func (t *Terminal) Note(format string, args ...any) {
	fmt.Fprint(t.Stderr, t.safe(t.Stderr, fmt.Sprintf(format+"\n", args...)))
}
