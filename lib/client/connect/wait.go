package connect

import (
	"context"
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/drain"
)

// Pauses between reads of a drain that is changing: a mapping takes from a second to a minute.
const (
	firstPause = 300 * time.Millisecond
	lastPause  = 5 * time.Second
)

// responseTime is how long the gateway waits for its function.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const responseTime = 30 * time.Second

// PutAWS creates or changes the AWS side, and waits while AWS is not ready for that. The Drain includes its DrainURL, and may not be active
// yet.
func (c *Connector) PutAWS(ctx context.Context, app string, change drain.Patch) (d drain.Drain, created bool, err error) {
	err = c.retryBusy(ctx, func() error {
		return c.finishOnCancel(ctx, func(ctx context.Context) (err error) {
			d, created, err = c.API.Put(ctx, app, change)
			return err
		})
	})
	return d, created, err
}

// finishOnCancel makes a request that changes something. After ctx has ended, the request may still take as long as the gateway waits for its
// function: the function would continue anyway, and recreate what is being rolled back. Only the response says what to roll back. Without
// Heroku, nothing is rolled back.
func (c *Connector) finishOnCancel(ctx context.Context, request func(context.Context) error) error {
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
		case <-time.After(responseTime):
			cancel()
		case <-longer.Done():
		}
	})()
	return request(longer)
}

// retryBusy repeats a call for as long as the API asks to try again later: SQS blocks a queue's name for a minute after a delete, and a
// mapping that is changing cannot be changed.
func (c *Connector) retryBusy(ctx context.Context, call func() error) error {
	for {
		err := call()
		refused := refusal(err)
		if refused == nil || refused.RetryAfter == 0 {
			return deadline.CauseOr(ctx, err)
		}
		why := whyWaiting(refused)
		if c.Waits != nil {
			c.Waits(refused.RetryAfter, why)
		}
		c.step("Waiting %s: %s", refused.RetryAfter, why)
		for left := refused.RetryAfter; left > 0; left -= time.Second {
			c.detail("Waiting %s: %s", left, why)
			if err := c.Wait(ctx, min(left, time.Second)); err != nil {
				return deadline.With(deadline.CauseOr(ctx, err), refused)
			}
		}
	}
}

// whyWaiting returns the API's message without its advice to try again, which a Connector follows itself.
func whyWaiting(refused *apiclient.Error) string {
	why, _, _ := strings.Cut(refused.Message, "; try again")
	return why
}

// AwaitActive waits until a drain is active. It keeps the drain URL, which only PutAWS returns.
func (c *Connector) AwaitActive(ctx context.Context, d drain.Drain) (drain.Drain, error) {
	url := d.DrainURL
	for between := firstPause; d.State != drain.Active; between = min(between*3/2, lastPause) {
		c.step("Waiting for the drain to become active (state: %s)…", d.State)
		next, err := c.lookAgain(ctx, between, d.App)
		switch {
		case ctx.Err() != nil:
			return d, fmt.Errorf("%w; the drain's state is still %s", deadline.End(ctx, err), d.State)
		case err != nil:
			return d, err
		}
		d = next
	}
	d.DrainURL = url
	return d, nil
}

// lookAgain waits, and then returns the drain as it is now.
func (c *Connector) lookAgain(ctx context.Context, after time.Duration, app string) (drain.Drain, error) {
	if err := c.Wait(ctx, after); err != nil {
		return drain.Drain{}, err
	}
	return c.API.Get(ctx, app)
}
