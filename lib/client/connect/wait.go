package connect

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/drain"
)

// Pauses between two looks at a drain in transit: a mapping takes from a second up to a minute.
const (
	firstPause = 300 * time.Millisecond
	lastPause  = 5 * time.Second
)

// answerTime is as long as the gateway waits for its function.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const answerTime = 30 * time.Second

// PutAWS makes or changes the AWS side, and waits for what is in the way of that. The Drain has its DrainURL, and may not be active yet.
func (c *Connector) PutAWS(ctx context.Context, app string, settings drain.Patch) (d drain.Drain, created bool, err error) {
	err = c.patiently(ctx, func() error {
		return c.unhurried(ctx, func(ctx context.Context) (err error) {
			d, created, err = c.API.Put(ctx, app, settings)
			return err
		})
	})
	return d, created, err
}

// unhurried makes a request that changes something: when ctx ends, it is given a while to be answered, so that what it has done can be told,
// and undone. A function that nobody waits for would go on, and make again what has just been removed. Without Heroku nothing is undone.
func (c *Connector) unhurried(ctx context.Context, request func(context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if c.Heroku == nil {
		return request(ctx)
	}
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		select {
		case <-time.After(answerTime):
			cancel()
		case <-longer.Done():
		}
	})()
	return request(longer)
}

// patiently repeats a call for as long as the API asks to come back later: a queue's name is blocked for a minute after its deletion,
// a mapping in transit takes its time.
func (c *Connector) patiently(ctx context.Context, call func() error) error {
	for {
		err := call()
		refused := refusal(err)
		if refused == nil || refused.RetryAfter == 0 {
			return because(ctx, err)
		}
		c.step("Waiting %s: %s", refused.RetryAfter, refused.Message)
		for left := refused.RetryAfter; left > 0; left -= time.Second {
			c.detail("Waiting %s: %s", left, refused.Message)
			if err := c.Wait(ctx, min(left, time.Second)); err != nil {
				return fmt.Errorf("%w: %s", because(ctx, err), refused.Message)
			}
		}
	}
}

// UntilActive looks at a drain until it is active. It keeps the drain URL, which only PutAWS answers.
func (c *Connector) UntilActive(ctx context.Context, d drain.Drain) (drain.Drain, error) {
	url := d.DrainURL
	for between := firstPause; d.State != drain.Active; between = min(between*3/2, lastPause) {
		c.step("Waiting for the drain to become active: it is %s…", d.State)
		next, err := c.lookAgain(ctx, between, d.App)
		switch {
		case ctx.Err() != nil:
			return d, fmt.Errorf("%w: it is still %s", context.Cause(ctx), d.State)
		case err != nil:
			return d, err
		}
		d = next
	}
	d.DrainURL = url
	return d, nil
}

// UntilEmpty looks at a drain until its queue has nothing left that is not stored.
func (c *Connector) UntilEmpty(ctx context.Context, d drain.Drain) error {
	for between := firstPause; d.Queue.Waiting() > 0; between = min(between*3/2, lastPause) {
		left := d.Queue.Waiting()
		if d.State != drain.Active && d.State != drain.Updating && d.State != drain.Creating {
			return fmt.Errorf("%d messages wait in its queue, and nothing stores them: the drain is %s", left, d.State)
		}
		c.step("Waiting until the queue is empty: %d messages…", left)
		next, err := c.lookAgain(ctx, between, d.App)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("%w: %d messages still wait in its queue", context.Cause(ctx), left)
		case IsNotFound(err):
			return nil // somebody else was quicker
		case err != nil:
			return err
		}
		d = next
	}
	return nil
}

// lookAgain looks at a drain after a while.
func (c *Connector) lookAgain(ctx context.Context, after time.Duration, app string) (drain.Drain, error) {
	if err := c.Wait(ctx, after); err != nil {
		return drain.Drain{}, err
	}
	return c.API.Get(ctx, app)
}
