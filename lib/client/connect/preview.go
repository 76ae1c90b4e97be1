package connect

import (
	"context"
	"fmt"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// Preview returns what Put would change, one change per element. It changes nothing. If the drain cannot have the new settings, the error is a
// *drain.Error.
func (c *Connector) Preview(ctx context.Context, app string, change drain.Patch) ([]string, error) {
	if c.Heroku != nil {
		if err := c.CheckApp(ctx, app); err != nil {
			return nil, deadline.CauseOr(ctx, err)
		}
	}
	conn, err := c.Inspect(ctx, app)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	if conn.Settings == (drain.Settings{}) { // there is no drain
		err = change.Validate()
	} else {
		err = conn.Settings.With(change).Validate() // the change may contradict a setting that stays
	}
	if err != nil {
		return nil, err
	}
	changes := []string{}
	for _, part := range conn.Missing() {
		changes = append(changes, "create the "+string(part))
	}
	if conn.State == drain.Disabled {
		changes = append(changes, "enable the event source mapping")
	}
	for _, setting := range conn.Settings.Diff(change) {
		changes = append(changes, setting.String())
	}
	if c.Heroku == nil {
		return changes, nil
	}
	if conn.Heroku != nil && conn.Heroku.Err != nil {
		return nil, deadline.CauseOr(ctx, conn.Heroku.Err)
	}
	return append(changes, conn.Heroku.changes()...), nil
}

// changes returns what Put would change at Heroku. A nil Subscription means that no drain there is ours.
func (s *Subscription) changes() []string {
	switch {
	case s == nil || s.State == Missing:
		return []string{"add the log drain at Heroku"}
	case s.State == Stale:
		return []string{"replace the log drain at Heroku, whose password is rejected"}
	case len(s.Ours) > 1:
		return []string{fmt.Sprintf("remove outdated log drains at Heroku: %d", len(s.Ours)-1)}
	}
	return nil
}

// Removals returns what Delete would remove on both sides, one removal per element.
func (conn Connection) Removals(opts DeleteOptions) []string {
	removals := []string{}
	if conn.Heroku != nil {
		for _, d := range conn.Heroku.Ours {
			removals = append(removals, "remove the log drain at Heroku, "+heroku.MaskURL(d.URL))
		}
	}
	if conn.EventSource != nil {
		removals = append(removals, "remove the event source mapping "+conn.EventSource.UUID)
	}
	if conn.Queue != nil {
		removals = append(removals, fmt.Sprintf("remove the queue %s (%s)", conn.Queue.Name, plural.Count(conn.Queue.Waiting(), "message")))
	}
	switch {
	case conn.LogStream == "":
	case opts.KeepLogs:
		removals = append(removals, fmt.Sprintf("keep the log stream %s of %s", conn.LogStream, conn.LogGroup))
	default:
		removals = append(removals, fmt.Sprintf("remove the log stream %s of %s and all its lines", conn.LogStream, conn.LogGroup))
	}
	return removals
}

// NothingToDelete reports whether Delete would remove nothing, because only the logs are left, and they are kept.
func (conn Connection) NothingToDelete(opts DeleteOptions) bool {
	return opts.KeepLogs && conn.Archived() && (conn.Heroku == nil || len(conn.Heroku.Ours) == 0 && conn.Heroku.Err == nil)
}
