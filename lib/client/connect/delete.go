package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/drain"
)

// DeleteOptions says what Delete does with an app's lines.
type DeleteOptions struct {
	KeepLogs bool          // leave the log stream with its lines
	Force    bool          // do not wait until the queue is empty: its messages are lost
	Timeout  time.Duration // per app, without the waits for its turn among many; 0: none
	// MissingApps allows to delete drains of apps that Heroku does not show: it says the same of those that are gone and of those of other
	// accounts, and may still send to the latter.
	MissingApps bool
}

// ErrMissingApp means that the app is gone, or this Heroku account has no access to it.
var ErrMissingApp = errors.New("the app does not exist at Heroku, or this account has no access to it; if Heroku still sends to its drain, those lines will be lost")

// MayStillReceive reports whether Heroku may still send to a drain, although this account does not see its app.
func (conn Connection) MayStillReceive() bool {
	return conn.Heroku != nil && conn.Heroku.State == NoApp && (conn.Queue != nil || conn.EventSource != nil)
}

// Delete disconnects an app that Find, Inspect or List returned: it removes the drains at Heroku and then, once the queue is empty, the AWS
// side. It returns what it removed on AWS. It can be repeated after any failure: the error is a *Failure, which says what is left.
func (c *Connector) Delete(ctx context.Context, conn Connection, opts DeleteOptions) (drain.Drain, error) {
	ctx, cancel := opts.context(ctx)
	defer cancel()
	unsubscribed, err := c.unsubscribe(ctx, conn, opts)
	if err != nil {
		return conn.Drain, err
	}
	return c.deleteDrained(ctx, conn, unsubscribed, opts)
}

// context returns a context that ends with the timeout.
func (o DeleteOptions) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Timeout <= 0 {
		return ctx, func() {}
	}
	return deadline.LimitBy(ctx, o.Timeout, "--timeout")
}

// deleteDrained deletes the AWS side of an app that Heroku no longer sends to, once its queue is empty. It returns what it deleted.
func (c *Connector) deleteDrained(ctx context.Context, conn Connection, unsubscribed bool, opts DeleteOptions) (drain.Drain, error) {
	if conn.State == drain.None {
		return conn.Drain, nil
	}
	if !opts.Force {
		if err := c.awaitDrained(ctx, conn, unsubscribed, opts); err != nil {
			return conn.Drain, c.leftOnAWS(conn, opts, err)
		}
		if err := c.checkUnsubscribed(ctx, conn, opts); err != nil {
			return conn.Drain, err
		}
	}
	// If someone has created the drain again in the meantime, it is not the one to delete.
	what := drain.DeleteOptions{KeepLogs: opts.KeepLogs}
	if conn.EventSource != nil {
		what.EventSource = conn.EventSource.UUID
	}
	d, err := c.deleteAWS(ctx, conn.App, what)
	switch {
	case IsNotFound(err) && (unsubscribed || !conn.Archived()): // a response was lost, or another delete was faster
		return conn.Drain, nil
	case err != nil:
		return conn.Drain, c.leftOnAWS(conn, opts, err)
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
func (c *Connector) unsubscribe(ctx context.Context, conn Connection, opts DeleteOptions) (bool, error) {
	switch {
	case conn.MayStillReceive() && !opts.MissingApps:
		return false, ErrMissingApp
	case conn.Heroku == nil || len(conn.Heroku.Ours) == 0 && conn.Heroku.Err == nil:
		return false, nil
	case len(conn.Heroku.Ours) == 0:
		return false, conn.Heroku.Err // it is unknown what to remove there
	}
	if err := c.Unsubscribe(ctx, conn.App, conn.Heroku.Ours); err != nil {
		return false, &Failure{Err: err, Left: "the AWS side is unchanged; to continue, run " + c.DeleteCommand(conn.App, opts)}
	}
	return true, nil
}

// checkUnsubscribed returns an error if Heroku sends to the drain again: someone has run put while this delete was waiting.
func (c *Connector) checkUnsubscribed(ctx context.Context, conn Connection, opts DeleteOptions) error {
	if c.Heroku == nil {
		return nil
	}
	now, err := c.subscription(ctx, conn.App)
	switch {
	case err != nil:
		return c.leftOnAWS(conn, opts, deadline.CauseOr(ctx, err))
	case len(now.Ours) > 0:
		return &Failure{
			Err:  errors.New("Heroku sends to the drain again: someone connected the app in the meantime"),
			Left: "the AWS side is unchanged; to delete the drain, run " + c.DeleteCommand(conn.App, opts),
		}
	}
	return nil
}

// leftOnAWS adds to an error that Heroku no longer sends but the AWS side still exists.
func (c *Connector) leftOnAWS(conn Connection, opts DeleteOptions, err error) error {
	if conn.Heroku == nil {
		return err
	}
	if _, ok := errors.AsType[*Failure](err); ok {
		return err
	}
	return &Failure{
		Err: err,
		Left: fmt.Sprintf("Heroku no longer sends to the drain, but its AWS side still exists; to continue, run %s; to connect it again, %s",
			c.DeleteCommand(conn.App, opts), c.PutCommand(conn.App)),
	}
}
