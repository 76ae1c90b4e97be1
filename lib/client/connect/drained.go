package connect

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

const (
	// lastPosts is how long lines may still arrive after Heroku has removed a drain: Logplex waits 5 s for the response to a POST.
	lastPosts = 5 * time.Second
	// emptyTime is how long a queue must look empty before it is deleted. SQS's counts "may not achieve consistency until at least 1 minute
	// after the producers stop sending messages", and a queue is empty when they are 0 "for several minutes".
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/confirm-queue-is-empty.html
	emptyTime = 3 * time.Minute
	// windowMargin is added to a drain's batch window, for which Lambda holds messages back, where that is longer than emptyTime.
	windowMargin = time.Minute
	// lookEvery is the time between two reads of a queue that looks empty.
	lookEvery = 20 * time.Second
)

// emptyTime returns how long the drain's queue must look empty. unsubscribed says that Heroku was sending until now.
func (c *Connector) emptyTime(d drain.Drain, unsubscribed bool) time.Duration {
	switch {
	case !c.ExactCounts:
		return max(emptyTime, time.Duration(d.Settings.BatchWindowSeconds)*time.Second+windowMargin)
	case unsubscribed:
		return lastPosts
	}
	return 0
}

// awaitDrained waits until the lines in transit are stored, that is, until the queue has looked empty for long enough.
func (c *Connector) awaitDrained(ctx context.Context, conn Connection, unsubscribed bool, opts DeleteOptions) error {
	d := conn.Drain
	total, empty := c.emptyTime(d, unsubscribed), time.Duration(0)
	for d.Queue != nil {
		if d.Queue.Waiting() > 0 {
			var err error
			if d, err = c.awaitEmpty(ctx, d); err != nil {
				return fmt.Errorf("%w; to repair a drain that does not store, run %s; to delete it anyway, %s",
					err, c.PutCommand(conn.App), c.DeleteCommand(conn.App, DeleteOptions{KeepLogs: opts.KeepLogs, Force: true}))
			}
			empty = 0
			continue
		}
		left := total - empty
		if left <= 0 {
			return nil
		}
		c.countdown(left, func(left time.Duration) string {
			return fmt.Sprintf("Waiting %s to be sure that the queue is empty, because SQS counts messages late (--force skips this)…", left)
		})
		pause := min(left, lookEvery)
		next, err := c.lookAgain(ctx, pause, conn.App)
		switch {
		case IsNotFound(err):
			return nil // another delete was faster
		case err != nil && ctx.Err() != nil && !c.ExactCounts:
			return fmt.Errorf("%w; the queue has looked empty for %s of the required %s", deadline.End(ctx, err), empty, total)
		case err != nil:
			return deadline.CauseOr(ctx, err)
		}
		d, empty = next, empty+pause
	}
	return nil
}

// awaitEmpty waits until the drain's queue shows no messages, and returns the drain as it is then, without a queue if the drain is gone. It
// fails at once if nothing will store the messages.
func (c *Connector) awaitEmpty(ctx context.Context, d drain.Drain) (drain.Drain, error) {
	for between := firstPause; d.Queue.Waiting() > 0; between = min(between*3/2, lastPause) {
		left := d.Queue.Waiting()
		if d.State != drain.Active && d.State != drain.Updating && d.State != drain.Creating {
			return d, fmt.Errorf("%s in the queue, and nothing stores them because the drain is %s", plural.Count(left, "message"), d.State)
		}
		c.step("Waiting until the queue is empty: %s left…", plural.Count(left, "message"))
		next, err := c.lookAgain(ctx, between, d.App)
		switch {
		case ctx.Err() != nil:
			return d, fmt.Errorf("%w; %s still in the queue", deadline.End(ctx, err), plural.Count(left, "message"))
		case IsNotFound(err):
			return drain.Drain{}, nil // another delete was faster
		case err != nil:
			return d, err
		}
		d = next
	}
	return d, nil
}
