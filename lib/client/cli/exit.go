package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/fatih/color"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/drain"
)

// The exit codes. The program's help documents them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // 128 + SIGINT, as in shells
)

// usageError says why a command line is invalid, and what to write instead.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// asUsage returns a validation error of lib/drain as a usage error: its message says what to write instead.
func asUsage(err error) error {
	if invalid, ok := errors.AsType[*drain.Error](err); ok {
		return usagef("%s", invalid.Message)
	}
	return err
}

// masked returns text with the passwords of its URLs masked. A drain URL may be in an error because it was given in the wrong place.
func masked(text string) string { return heroku.MaskPasswords(text) }

// errorText returns an error's text for people, without passwords.
func errorText(err error) string { return masked(cause.Plain(err)) }

// plainProgress is a Progress that shows an error as errorText does.
type plainProgress struct{ *term.Progress }

func (p plainProgress) Did(format string, args ...any) {
	shown := slices.Clone(args)
	for i, arg := range args {
		if err, ok := arg.(error); ok {
			shown[i] = errorText(err)
		}
	}
	p.Progress.Did(format, shown...)
}

// exit writes the error to stderr, if there is one, and returns its exit code.
func (s *session) exit(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil {
		text := "interrupted"
		if failure, ok := errors.AsType[*connect.Failure](err); ok {
			text += ": " + failure.Left
		}
		if running, ok := errors.AsType[*logs.RunningError](err); ok {
			text += ": " + cause.Plain(running)
		}
		s.Note("%s", masked(text))
		return exitInterrupted
	}
	code, text := exitFailed, cause.Plain(err)
	parse, isParse := errors.AsType[*kong.ParseError](err)
	_, isUsage := errors.AsType[*usageError](err)
	_, noRegion := errors.AsType[*cause.RegionError](err)
	if noRegion || errors.Is(err, installation.ErrNoRegion) { // a flag or a variable is wrong or missing
		code = exitUsage
	}
	switch {
	case isParse:
		help := "--help"
		if parse.Context != nil && parse.Context.Selected() != nil {
			help = parse.Context.Selected().Path() + " --help"
		}
		code, text = exitUsage, fmt.Sprintf("%s; see `%s %s`", text, s.name, help)
	case isUsage:
		code = exitUsage
	case s.foreignProgram(err) != nil:
		text = s.foreignProgram(err).Error()
	default:
		if similar := s.similarDrain(ctx, err); similar != "" {
			text += ". " + similar
		} else if hint := s.hint(err); hint != "" {
			text += ". " + strings.ToUpper(hint[:1]) + hint[1:]
		}
	}
	s.Note("%s %s", s.PaintStderr("error:", color.FgRed, color.Bold), masked(text))
	if original := originalText(err); s.flags.Debug && text != original {
		s.Note("debug: %s", masked(original))
	}
	return code
}

// originalText returns the text of an error as the AWS SDK has it.
func originalText(err error) string {
	if failed, ok := errors.AsType[*installation.CredentialsError](err); ok {
		return failed.Err.Error()
	}
	if failed, ok := errors.AsType[*installation.ConfigurationError](err); ok {
		return failed.Err.Error()
	}
	return err.Error()
}
