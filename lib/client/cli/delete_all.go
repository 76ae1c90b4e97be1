package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heroku-drains/lib/client/connect"
)

// runAll removes every drain of the stack.
func (c *deleteCmd) runAll(ctx context.Context, s *session) error {
	if s.flags.App != "" {
		return usagef("--all is every app: leave -a out")
	}
	both, err := s.sides(ctx)
	if err != nil {
		return err
	}
	p := s.StartProgress("Looking for drains…")
	defer p.Stop()
	both.Progress = p
	found, err := both.list(ctx)
	p.Stop()
	if err != nil {
		return fmt.Errorf("delete all drains: %w", err)
	}
	found = slices.DeleteFunc(found, func(conn connect.Connection) bool { return conn.NothingToDelete(c.options()) })
	changes := []string{}
	for _, conn := range found {
		for _, change := range conn.Removals(c.options()) {
			changes = append(changes, conn.App+": "+change)
		}
	}
	switch {
	case c.DryRun:
		return s.printAllChanges(changes)
	case len(found) == 0:
		s.Note("The stack %s has no drains.", s.flags.Stack)
		return s.printDrains([]view{})
	}
	if err := s.confirm(ctx, s.flags.Stack, changes); err != nil {
		return err
	}
	p = s.StartProgress("Deleting %d drains…", len(found))
	defer p.Stop()
	both.Progress = p
	removed := both.DeleteAll(ctx, found, c.options())
	p.Stop()
	return s.tellRemoved(removed)
}

// tellRemoved shows what is removed, and says why the rest is not.
func (s *session) tellRemoved(removed []connect.Removed) error {
	views := []view{}
	for _, r := range removed {
		if r.Err != nil {
			s.Note("The drain of %s is left: %s", r.App, masked(whyLeft(r.Err)))
			continue
		}
		views = append(views, view{Drain: r.Drain})
	}
	if err := s.printDrains(views); err != nil {
		return err
	}
	if left := len(removed) - len(views); left > 0 {
		return &connect.Failure{
			Err:  errors.New("delete all drains: some failed"),
			Left: fmt.Sprintf("%d of %d are left: the same delete goes on", left, len(removed)),
		}
	}
	s.Note("All %d drains of the stack %s are deleted.", len(removed), s.flags.Stack)
	return nil
}

// whyLeft is why a drain was not deleted; when that was Ctrl-C, what there is of it.
func whyLeft(err error) string {
	var failure *connect.Failure
	switch {
	case !errors.Is(err, context.Canceled):
		return err.Error()
	case errors.As(err, &failure):
		return failure.Left
	}
	return "it is untouched"
}
