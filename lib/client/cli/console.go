package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-isatty"
)

// console is where a verb reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
	noColor  bool
}

func newConsole(in io.Reader, out, err io.Writer) *console {
	// https://no-color.org: any value but the empty one counts.
	return &console{in: in, out: out, err: err, noColor: os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"}
}

// isTerminal tells whether somebody sits at the other end.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// paintOut colours data, and paintErr what goes to stderr; on a terminal only, and not against NO_COLOR.
func (c *console) paintOut(text string, attributes ...color.Attribute) string {
	return paint(isTerminal(c.out) && !c.noColor, text, attributes)
}

func (c *console) paintErr(text string, attributes ...color.Attribute) string {
	return paint(isTerminal(c.err) && !c.noColor, text, attributes)
}

func paint(enabled bool, text string, attributes []color.Attribute) string {
	style := color.New(attributes...)
	if enabled {
		style.EnableColor()
	} else {
		style.DisableColor()
	}
	return style.Sprint(text)
}

// note tells on stderr what has been done or is to do next.
func (c *console) note(format string, args ...any) {
	fmt.Fprintf(c.err, format+"\n", args...)
}

// printJSON writes v to stdout, indented.
func (c *console) printJSON(v any) error {
	e := json.NewEncoder(c.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// confirm asks for the name of what it is about, an app or a stack, before what is listed is done for good.
func (s *session) confirm(ctx context.Context, what, name string, changes []string) error {
	if s.flags.Yes {
		return nil
	}
	s.note("This will\n  %s", strings.Join(changes, "\n  "))
	if !isTerminal(s.in) {
		return usagef("there is no terminal to ask on whether that is meant: add --yes if it is")
	}
	fmt.Fprintf(s.err, "Type the %s's name to go on: ", what)
	typed := make(chan string, 1)
	go func() { typed <- readLine(s.in) }() // a read cannot be called off: an interrupted program leaves it behind
	select {
	case answer := <-typed:
		if strings.TrimSpace(answer) != name {
			return usagef("that is not %q: nothing was removed", name)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readLine reads up to a newline and no byte further.
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
