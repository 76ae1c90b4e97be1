package connect

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// undoTime is how long undoing may take after the time for everything else is over: a mapping that is being created cannot be deleted for
// up to a minute.
const undoTime = 2 * time.Minute

// detached returns a context for work that has to be done even if ctx has ended.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), undoTime)
}

// confirmAdded finds out whether Heroku added a drain although its answer was lost. If it did not, the error is why.
func (c *Connector) confirmAdded(ctx context.Context, app, drainURL string, why error) (heroku.Matches, error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	m, err := c.matches(ctx, app, drainURL)
	switch {
	case err != nil:
		return m, fmt.Errorf("%w; if Heroku added the log drain anyway, delete removes it", why)
	case m.Present == nil:
		return m, why
	}
	return m, nil
}

// undo removes what a failed Put created on AWS, and nothing that existed before.
func (c *Connector) undo(ctx context.Context, app string, before drain.Drain, cause error) error {
	if before.App != "" && !before.Archived() {
		return &Failure{Err: cause, Left: "its AWS side existed before and is kept"}
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	c.step("Rolling back what was created on AWS for %s…", app)
	err := c.retryBusy(ctx, func() error {
		_, err := c.API.Delete(ctx, app, drain.DeleteOptions{KeepLogs: before.Archived()})
		return err
	})
	switch {
	case IsNotFound(err):
		return &Failure{Err: cause, Left: "nothing of it exists on AWS"}
	case err != nil:
		left := fmt.Sprintf("what this run created on AWS could not be rolled back (%v): the same put completes it, delete removes it", err)
		return &Failure{Err: cause, Left: left}
	}
	return &Failure{Err: cause, Left: "what this run created on AWS was rolled back"}
}
