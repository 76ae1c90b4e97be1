package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"heroku-drains/lib/client/term"
)

// Verbs that delete something, or change passwords, ask before they do it: confirm is the one way. It is that of heroku apps:destroy.

// unasked reports whether the command line confirms what a verb would ask.
func (s *session) unasked() bool { return s.flags.Yes || s.flags.Confirm != "" }

// confirm shows the changes and asks the user to type name, that of the app or the stack. It does not ask if --confirm has this name, or with
// --yes.
func (s *session) confirm(ctx context.Context, name string, changes []string) error {
	switch {
	case s.flags.Confirm == name, s.flags.Yes && s.flags.Confirm == "":
		return nil
	case s.flags.Confirm != "":
		return usagef("--confirm %s is not the name to confirm, which is %s; nothing was changed", s.flags.Confirm, name)
	}
	s.Note("This will\n  %s", strings.Join(changes, "\n  "))
	err := s.Confirm(ctx, fmt.Sprintf("To proceed, type %[1]s or re-run this command with --confirm %[1]s: ", name), name)
	switch {
	case errors.Is(err, term.ErrNoTerminal):
		return usagef("%v; re-run this command with --confirm %s", err, name)
	case errors.Is(err, term.ErrWrongAnswer):
		return usagef("%v; nothing was changed", err)
	}
	return err
}
