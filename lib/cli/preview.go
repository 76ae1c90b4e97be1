package cli

import (
	"context"
	"errors"
	"fmt"

	"heroku-drains/lib/apiclient"
	"heroku-drains/lib/drain"
)

// printChanges shows what a verb would do were it not for --dry-run.
func (s *session) printChanges(app string, changes []string) error {
	if s.flags.Output == "json" {
		return s.printJSON(map[string]any{"dry_run": true, "app": app, "changes": changes})
	}
	s.note("Dry run: nothing is changed.")
	if len(changes) == 0 {
		changes = []string{"nothing to change"}
	}
	for _, change := range changes {
		if _, err := fmt.Fprintln(s.out, change); err != nil {
			return fmt.Errorf("write the changes: %w", err)
		}
	}
	return nil
}

// previewPut says what put would make, mend and change.
func (s *session) previewPut(ctx context.Context, api *apiclient.Client, app string, settings drain.Settings) error {
	d, err := api.Get(ctx, app)
	var refusal *apiclient.Error
	if err != nil && !(errors.As(err, &refusal) && refusal.Code == drain.NotFound) {
		return fmt.Errorf("look at the drain of %s: %w", app, err)
	}
	changes := []string{}
	if d.LogStream == "" {
		changes = append(changes, "make the log stream")
	}
	if d.Queue == nil {
		changes = append(changes, "make the queue")
	}
	switch {
	case d.EventSource == nil:
		changes = append(changes, "make the event source mapping")
	case d.State == drain.Disabled:
		changes = append(changes, "enable the event source mapping")
	}
	changes = appendChange(changes, "format", d.Settings.Format, settings.Format)
	changes = appendChange(changes, "ansi", d.Settings.ANSI, settings.ANSI)
	changes = appendChange(changes, "batch size", d.Settings.BatchSize, settings.BatchSize)
	changes = appendChange(changes, "batch window seconds", d.Settings.BatchWindowSeconds, settings.BatchWindowSeconds)
	changes = appendChange(changes, "maximum concurrency", d.Settings.MaximumConcurrency, settings.MaximumConcurrency)
	return s.printChanges(app, changes)
}

// appendChange adds a setting that is given and differs from what there is.
func appendChange[T comparable](changes []string, name string, is, wanted *T) []string {
	switch {
	case wanted == nil || is != nil && *is == *wanted:
		return changes
	case is == nil:
		return append(changes, fmt.Sprintf("set %s to %v", name, *wanted))
	}
	return append(changes, fmt.Sprintf("change %s from %v to %v", name, *is, *wanted))
}

// removals are the parts that delete would remove.
func removals(d drain.Drain, keepLogs bool) []string {
	changes := []string{}
	if d.EventSource != nil {
		changes = append(changes, "remove the event source mapping "+d.EventSource.UUID)
	}
	if d.Queue != nil {
		changes = append(changes, fmt.Sprintf("remove the queue %s with %d messages", d.Queue.Name, waiting(d.Queue)))
	}
	switch {
	case d.LogStream == "":
	case keepLogs:
		changes = append(changes, fmt.Sprintf("keep the log stream %s of %s", d.LogStream, d.LogGroup))
	default:
		changes = append(changes, fmt.Sprintf("remove the log stream %s of %s and every line in it", d.LogStream, d.LogGroup))
	}
	return changes
}
