package cli

import (
	"context"
	"fmt"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

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

// previewPut says what put would make, mend and change.
func (s *session) previewPut(ctx context.Context, both *sides, app string, patch drain.Patch) error {
	if both.Heroku != nil {
		if err := both.CheckApp(ctx, app); err != nil {
			return err
		}
	}
	d, err := both.Get(ctx, app)
	if err != nil && !connect.IsNotFound(err) {
		return fmt.Errorf("look at the drain of %s: %w", app, err)
	}
	if err := validateChange(d.Drain, patch); err != nil { // what is given may not go with what is there
		return asUsage(err)
	}
	changes := []string{}
	for _, part := range d.Missing() {
		changes = append(changes, "create the "+string(part))
	}
	if d.State == drain.Disabled {
		changes = append(changes, "enable the event source mapping")
	}
	for _, change := range d.Settings.Diff(patch) {
		changes = append(changes, change.String())
	}
	if both.Heroku != nil {
		if d.Heroku != nil && d.Heroku.Err != nil {
			return fmt.Errorf("look at the Heroku side of %s: %w", app, d.Heroku.Err)
		}
		changes = append(changes, herokuChanges(d.Heroku)...)
	}
	return s.printChanges(app, changes)
}

// validateChange returns what is wrong with a change, which may contradict a setting that stays.
func validateChange(d drain.Drain, patch drain.Patch) error {
	if d.Settings == (drain.Settings{}) { // there is no drain
		return patch.Validate()
	}
	return d.Settings.With(patch).Validate()
}

// herokuChanges are what put would do at Heroku; nil is a side with nothing of ours.
func herokuChanges(h *connect.Subscription) []string {
	switch {
	case h == nil || h.State == connect.Missing:
		return []string{"add the log drain at Heroku"}
	case h.State == connect.Stale:
		return []string{"replace the log drain at Heroku, whose password is refused"}
	case len(h.Ours) > 1:
		return []string{fmt.Sprintf("remove older log drains of ours at Heroku: %d", len(h.Ours)-1)}
	}
	return nil
}

// removals are what delete would remove, on both sides.
func removals(conn connect.Connection, keepLogs bool) []string {
	changes := []string{}
	if conn.Heroku != nil {
		for _, d := range conn.Heroku.Ours {
			changes = append(changes, "remove the log drain at Heroku, "+heroku.MaskURL(d.URL))
		}
	}
	if conn.EventSource != nil {
		changes = append(changes, "remove the event source mapping "+conn.EventSource.UUID)
	}
	if conn.Queue != nil {
		changes = append(changes, fmt.Sprintf("remove the queue %s with %d messages", conn.Queue.Name, conn.Queue.Waiting()))
	}
	switch {
	case conn.LogStream == "":
	case keepLogs:
		changes = append(changes, fmt.Sprintf("keep the log stream %s of %s", conn.LogStream, conn.LogGroup))
	default:
		changes = append(changes, fmt.Sprintf("remove the log stream %s of %s and every line in it", conn.LogStream, conn.LogGroup))
	}
	return changes
}
