package connect

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// undoTime is how long undo may take, in addition to the time for everything else: a mapping that is being created cannot be deleted for up to
// a minute.
const undoTime = 2 * time.Minute

// detached returns a context for work that must be done even if ctx has ended.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), undoTime)
}

// confirmAdded finds out whether Heroku added a drain although its response was lost. If Heroku did not, it returns the original error.
func (c *Connector) confirmAdded(ctx context.Context, app, drainURL string, why error) (heroku.Matches, error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	m, err := c.Matches(ctx, app, drainURL)
	switch {
	case err != nil:
		return m, fmt.Errorf("%w; if Heroku added the log drain anyway, remove it: %s", why, c.DeleteCommand(app, DeleteOptions{}))
	case m.Present == nil:
		return m, why
	}
	return m, nil
}

// undo removes the drain that a failed Put created on AWS, if it is certainly that drain and unused: according to the API, this run created
// it; Heroku does not send to it; and it still has the event source mapping that it was created with. A log stream with lines is kept.
func (c *Connector) undo(ctx context.Context, made Connected, before drain.Drain, cause error) error {
	switch {
	case !made.Created && before.App != "" && !before.Archived():
		return &Failure{Err: cause, Left: "the AWS side existed before, and is kept"}
	case !made.Created || made.EventSource == nil:
		return &Failure{Err: cause, Left: "another run created the AWS side, so it is kept"}
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	c.step("Rolling back what was created on AWS for %s…", made.App)
	switch s := orUnknown(c.testedSubscription(ctx, made.App)); {
	case s.Err != nil:
		left := fmt.Sprintf("Heroku may send to the drain (%v), so the AWS side is kept; %s", s.Err, c.putOrDelete(made.App))
		return &Failure{Err: cause, Left: left}
	case s.State == Present:
		return &Failure{Err: cause, Left: "Heroku now sends to the drain, so the AWS side is kept"}
	}
	keepLogs := before.Archived() || c.hasLines(ctx, made.Drain)
	err := c.retryBusy(ctx, func() error {
		_, err := c.API.Delete(ctx, made.App, drain.DeleteOptions{KeepLogs: keepLogs, EventSource: made.EventSource.UUID})
		return err
	})
	switch {
	case IsNotFound(err):
		return &Failure{Err: cause, Left: "nothing is left on AWS"}
	case isReplaced(err):
		return &Failure{Err: cause, Left: "another run changed the AWS side, so it is kept"}
	case err != nil:
		left := fmt.Sprintf("what this run created on AWS could not be rolled back (%v); %s", err, c.putOrDelete(made.App))
		return &Failure{Err: cause, Left: left}
	case keepLogs && !before.Archived():
		return &Failure{Err: cause, Left: "what this run created on AWS was rolled back, except for the log stream, which has lines"}
	}
	return &Failure{Err: cause, Left: "what this run created on AWS was rolled back"}
}

// putOrDelete says what to do about an AWS side that is left.
func (c *Connector) putOrDelete(app string) string {
	return fmt.Sprintf("to complete it, run %s; to remove it, %s", c.PutCommand(app), c.DeleteCommand(app, DeleteOptions{}))
}

// unknownAWSSide returns the error of a Put that got no response from the API. What exists on AWS is kept, because another run may have
// created it.
func (c *Connector) unknownAWSSide(ctx context.Context, app string, before drain.Drain, cause error) error {
	if before.App != "" && !before.Archived() {
		return &Failure{Err: cause, Left: "the AWS side existed before, and is kept"}
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	if d, err := c.API.Get(ctx, app); IsNotFound(err) || err == nil && d.Archived() {
		return &Failure{Err: cause, Left: "nothing was created on AWS"}
	}
	return &Failure{Err: cause, Left: "another run may have created the AWS side, so it is kept; " + c.putOrDelete(app)}
}

// hasLines reports whether a drain's log stream has lines, or may have some because that cannot be found out at once: queries, the only way
// to read a log group of the class Infrequent Access, find new lines late.
func (c *Connector) hasLines(ctx context.Context, d drain.Drain) bool {
	if c.Logs == nil {
		return true
	}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(c.Logs, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &d.LogGroup, LogStreamNames: []string{d.LogStream}, Limit: aws.Int32(1),
	})
	for pages.HasMorePages() {
		if page, err := pages.NextPage(ctx); err != nil || len(page.Events) > 0 {
			return true
		}
	}
	return false
}
