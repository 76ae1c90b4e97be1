package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/alecthomas/kong"
	"github.com/fatih/color"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

// The exit codes; the program's help documents them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // 128 and the number of SIGINT, as shells have it
)

// usageError is a command line that cannot be followed, and what to write instead.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// asUsage is a refusal of lib/drain before anything was asked of the API: its message says what to write instead.
func asUsage(err error) error {
	var refusal *drain.Error
	if errors.As(err, &refusal) {
		return usagef("%s", refusal.Message)
	}
	return err
}

// passwordInURL is what a URL shows of a password. A drain URL may stand in an error because it was given in the wrong place.
var passwordInURL = regexp.MustCompile(`(://[^\s/:@]+:)[^\s/@]+@`)

// masked is a text without the passwords of the URLs in it.
func masked(text string) string { return passwordInURL.ReplaceAllString(text, "${1}****@") }

// exit tells what went wrong, if anything did, and returns the exit code for it.
func (s *session) exit(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil {
		text := "interrupted"
		if failure := (*connect.Failure)(nil); errors.As(err, &failure) {
			text += ": " + failure.Left
		}
		fmt.Fprintln(s.Stderr, masked(text))
		return exitInterrupted
	}
	code, text := exitFailed, err.Error()
	var parse *kong.ParseError
	var usage *usageError
	switch {
	case errors.As(err, &parse):
		help := program
		if parse.Context != nil && parse.Context.Selected() != nil {
			help += " " + parse.Context.Selected().Name
		}
		code, text = exitUsage, fmt.Sprintf("%s; see `%s --help`", text, help)
	case errors.As(err, &usage):
		code = exitUsage
	case s.foreign(err) != nil:
		text = s.foreign(err).Error()
	default:
		if advice := s.advice(err); advice != "" {
			text += "; " + advice
		}
	}
	fmt.Fprintln(s.Stderr, s.PaintStderr("error:", color.FgRed, color.Bold), masked(text))
	return code
}
