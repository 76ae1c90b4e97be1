package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// undoTime is what undoing may take after the time for everything else is over: a mapping that is just being made cannot be deleted for up
// to a minute.
const undoTime = 2 * time.Minute

// afterwards is a context for what has to be done although ctx may be over.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), undoTime)
}

// afterSilence finds out whether Heroku has added a drain although it did not say so. If it has not, the error is why.
func (c *Connector) afterSilence(ctx context.Context, app, drainURL string, why error) (heroku.Matches, error) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	m, err := c.matches(ctx, app, drainURL)
	switch {
	case err != nil:
		return m, fmt.Errorf("%w; should Heroku have added the log drain all the same, delete removes it", why)
	case m.Present == nil:
		return m, why
	}
	return m, nil
}

// turnedDown tells whether an error is a plain no, by the API or by Heroku: nothing was done. A conflict at the API may come after the first
// of several steps.
func turnedDown(err error) bool {
	var byHeroku *heroku.Error
	if errors.As(err, &byHeroku) {
		return byHeroku.Status >= http.StatusBadRequest && byHeroku.Status < http.StatusInternalServerError
	}
	refused := refusal(err)
	return refused != nil && refused.Status < http.StatusInternalServerError && refused.Status != http.StatusConflict
}

// undo removes what a failed Put has made on AWS, and nothing that was there before.
func (c *Connector) undo(ctx context.Context, app string, before drain.Drain, cause error) error {
	if before.App != "" && !before.Archived() {
		return &Failure{cause, "its AWS side was there before, and stays"}
	}
	ctx, cancel := afterwards(ctx)
	defer cancel()
	c.step("Undoing what was made on AWS for %s…", app)
	err := c.patiently(ctx, func() error {
		_, err := c.API.Delete(ctx, app, drain.DeleteOptions{KeepLogs: before.Archived()})
		return err
	})
	switch {
	case IsNotFound(err):
		return &Failure{cause, "there is nothing of it on AWS"}
	case err != nil:
		left := fmt.Sprintf("what this run made on AWS could not be undone (%v): the same put completes it, delete removes it", err)
		return &Failure{cause, left}
	}
	return &Failure{cause, "what this run made on AWS is undone"}
}
