package cli

import (
	"context"
	"errors"
	"fmt"

	"heroku-drains/lib/drain"
)

// fleetWidth is how many apps are worked on at a time. Most of an app's time is spent waiting for its mapping, up to a minute.
const fleetWidth = 8

// printChanges shows what a verb would do were it not for --dry-run.
func (s *session) printChanges(app string, changes []string) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]any{"dry_run": true, "app": app, "changes": changes})
	}
	return s.listChanges(changes)
}

// printAllChanges is printChanges for more than one app.
func (s *session) printAllChanges(changes []string) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]any{"dry_run": true, "changes": changes})
	}
	return s.listChanges(changes)
}

func (s *session) listChanges(changes []string) error {
	s.Note("Dry run: nothing is changed.")
	if len(changes) == 0 {
		changes = []string{"nothing to change"}
	}
	for _, change := range changes {
		if err := s.PrintLine(change); err != nil {
			return err
		}
	}
	return nil
}

// previewPut shows what put would change.
func (s *session) previewPut(ctx context.Context, both *sides, app string, change drain.Patch) error {
	changes, err := both.Preview(ctx, app, change)
	if _, invalid := errors.AsType[*drain.Error](err); invalid {
		return asUsage(err)
	}
	if err != nil {
		return fmt.Errorf("preview the drain of %s: %w", app, err)
	}
	return s.printChanges(app, changes)
}
