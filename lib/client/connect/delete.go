package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/drain"
)

// lastPosts is how long lines may still come after Heroku has removed a drain: Logplex waits 5 s for an answer to what it has sent. SQS's
// counts lag behind as well, so that a queue that looks empty is looked at once more after the same time.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
const (
	lastPosts = 5 * time.Second
	lastLooks = 2
)

// DeleteOptions say what Delete does with lines.
type DeleteOptions struct {
	KeepLogs bool          // leave the log stream
	Force    bool          // do not wait until the queue is empty: what it holds is lost
	Timeout  time.Duration // for one app; 0: as long as it takes
}

// Delete takes an app apart that Look, Get or List has looked at: first the drains at Heroku, then, once the queue is empty, the AWS side. It
// answers what it removed of AWS. It can be repeated after any failure, which is then a *Failure that tells what is left.
func (c *Connector) Delete(ctx context.Context, conn Connection, opts DeleteOptions) (drain.Drain, error) {
	if conn.Heroku != nil && conn.Heroku.Err != nil && len(conn.Heroku.Ours) == 0 {
		return conn.Drain, conn.Heroku.Err // what is to be removed there is not known
	}
	if opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, opts.Timeout, fmt.Errorf("not done within %s (--timeout)", opts.Timeout))
		defer cancel()
	}
	unsubscribed, err := c.leave(ctx, conn)
	if err != nil {
		return conn.Drain, err
	}
	if conn.State == drain.None {
		return conn.Drain, nil
	}
	if !opts.Force {
		if err := c.runDry(ctx, conn, unsubscribed); err != nil {
			return conn.Drain, left(conn, err)
		}
	}
	d, err := c.deleteAWS(ctx, conn.App, drain.DeleteOptions{KeepLogs: opts.KeepLogs})
	switch {
	case IsNotFound(err) && (unsubscribed || !conn.Archived()): // an answer got lost, or somebody was quicker
		return conn.Drain, nil
	case err != nil:
		return conn.Drain, left(conn, err)
	}
	return d, nil
}

func (c *Connector) deleteAWS(ctx context.Context, app string, opts drain.DeleteOptions) (d drain.Drain, err error) {
	c.step("Deleting the AWS side of %s…", app)
	err = c.patiently(ctx, func() error {
		return c.unhurried(ctx, func(ctx context.Context) (err error) {
			d, err = c.API.Delete(ctx, app, opts)
			return err
		})
	})
	return d, err
}

// leave removes what is ours at Heroku, and tells whether there was anything.
func (c *Connector) leave(ctx context.Context, conn Connection) (bool, error) {
	if conn.Heroku == nil || len(conn.Heroku.Ours) == 0 {
		return false, nil
	}
	if err := c.Unsubscribe(ctx, conn.App, conn.Heroku.Ours); err != nil {
		return false, &Failure{err, "its AWS side is untouched: the same delete goes on"}
	}
	return true, nil
}

// runDry waits until what is on its way is stored.
func (c *Connector) runDry(ctx context.Context, conn Connection, unsubscribed bool) error {
	if !unsubscribed || conn.Queue == nil {
		return c.untilEmpty(ctx, conn.Drain)
	}
	for range lastLooks {
		c.step("Waiting for the last lines from Heroku…")
		d, err := c.lookAgain(ctx, lastPosts, conn.App)
		switch {
		case IsNotFound(err):
			return nil // somebody else was quicker
		case err != nil:
			return because(ctx, err)
		}
		if err := c.untilEmpty(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// untilEmpty is UntilEmpty, and what to do when it fails.
func (c *Connector) untilEmpty(ctx context.Context, d drain.Drain) error {
	if err := c.UntilEmpty(ctx, d); err != nil {
		return fmt.Errorf("%w; `put -a %s` mends a drain that does not store, --force deletes it all the same", err, d.App)
	}
	return nil
}

// left tells what there is when Heroku no longer sends, and AWS still has something.
func left(conn Connection, err error) error {
	if conn.Heroku == nil {
		return err
	}
	var failure *Failure
	if errors.As(err, &failure) {
		return err
	}
	return &Failure{err, "Heroku does not send to it any more, its AWS side is still there: the same delete goes on, put connects it again"}
}
