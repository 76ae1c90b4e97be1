package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/drain"
)

// lastPosts is how long lines may still arrive after Heroku has removed a drain: Logplex waits 5 s for the answer to a POST. SQS's counts lag
// as well, so an empty queue is checked again after the same time.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
const (
	lastPosts   = 5 * time.Second
	emptyChecks = 2
)

// DeleteOptions says what Delete does with lines.
type DeleteOptions struct {
	KeepLogs bool          // leave the log stream with its lines
	Force    bool          // do not wait until the queue is empty: its messages are lost
	Timeout  time.Duration // per app; 0: none
}

// Delete disconnects an app that Find, Inspect or List returned: it removes the drains at Heroku and then, once the queue is empty, the AWS
// side. It returns what it removed on AWS. It can be repeated after any failure: the error is a *Failure, which says what is left.
func (c *Connector) Delete(ctx context.Context, conn Connection, opts DeleteOptions) (drain.Drain, error) {
	if conn.Heroku != nil && conn.Heroku.Err != nil && len(conn.Heroku.Ours) == 0 {
		return conn.Drain, conn.Heroku.Err // it is not known what to remove there
	}
	if opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, opts.Timeout, fmt.Errorf("not done within %s (--timeout)", opts.Timeout))
		defer cancel()
	}
	unsubscribed, err := c.unsubscribe(ctx, conn)
	if err != nil {
		return conn.Drain, err
	}
	if conn.State == drain.None {
		return conn.Drain, nil
	}
	if !opts.Force {
		if err := c.awaitDrained(ctx, conn, unsubscribed); err != nil {
			return conn.Drain, leftOnAWS(conn, err)
		}
	}
	// A drain that somebody has created again in the meantime is not the one to be deleted.
	what := drain.DeleteOptions{KeepLogs: opts.KeepLogs}
	if conn.EventSource != nil {
		what.EventSource = conn.EventSource.UUID
	}
	d, err := c.deleteAWS(ctx, conn.App, what)
	switch {
	case IsNotFound(err) && (unsubscribed || !conn.Archived()): // an answer was lost, or another delete was faster
		return conn.Drain, nil
	case err != nil:
		return conn.Drain, leftOnAWS(conn, err)
	}
	return d, nil
}

func (c *Connector) deleteAWS(ctx context.Context, app string, opts drain.DeleteOptions) (d drain.Drain, err error) {
	c.step("Deleting the AWS side of %s…", app)
	err = c.retryBusy(ctx, func() error {
		return c.finishOnCancel(ctx, func(ctx context.Context) (err error) {
			d, err = c.API.Delete(ctx, app, opts)
			return err
		})
	})
	return d, err
}

// unsubscribe removes our drains at Heroku, and reports whether there were any.
func (c *Connector) unsubscribe(ctx context.Context, conn Connection) (bool, error) {
	if conn.Heroku == nil || len(conn.Heroku.Ours) == 0 {
		return false, nil
	}
	if err := c.Unsubscribe(ctx, conn.App, conn.Heroku.Ours); err != nil {
		return false, &Failure{Err: err, Left: "its AWS side is unchanged; run the same delete again to continue"}
	}
	return true, nil
}

// awaitDrained waits until the lines that are on their way are stored.
func (c *Connector) awaitDrained(ctx context.Context, conn Connection, unsubscribed bool) error {
	if !unsubscribed || conn.Queue == nil {
		return c.awaitEmpty(ctx, conn.Drain)
	}
	for range emptyChecks {
		c.step("Waiting for the last lines from Heroku…")
		d, err := c.lookAgain(ctx, lastPosts, conn.App)
		switch {
		case IsNotFound(err):
			return nil // another delete was faster
		case err != nil:
			return deadline.CauseOr(ctx, err)
		}
		if err := c.awaitEmpty(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// awaitEmpty is AwaitEmpty, with what to do when it fails.
func (c *Connector) awaitEmpty(ctx context.Context, d drain.Drain) error {
	if err := c.AwaitEmpty(ctx, d); err != nil {
		return fmt.Errorf("%w; `put -a %s` repairs a drain that does not store, `delete -a %[2]s --force` deletes it anyway", err, d.App)
	}
	return nil
}

// leftOnAWS adds to an error what is left when Heroku no longer sends and the AWS side still exists.
func leftOnAWS(conn Connection, err error) error {
	if conn.Heroku == nil {
		return err
	}
	if _, ok := errors.AsType[*Failure](err); ok {
		return err
	}
	return &Failure{
		Err:  err,
		Left: "Heroku no longer sends to it, but its AWS side still exists; run the same delete again to continue, or put to connect it again",
	}
}
