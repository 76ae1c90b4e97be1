package heroku

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	// tryTimeout is as long as Heroku's router waits for an app, its own API included.
	// https://devcenter.heroku.com/articles/request-timeout
	tryTimeout = 30 * time.Second
	// maxTries is how often one call is tried in all.
	maxTries = 6

	firstPause = 500 * time.Millisecond
	// maxRetryAfter is the longest that a call waits because Heroku says so. With more, the caller had better know.
	maxRetryAfter = time.Minute
)

// errSlow is why a try was given up.
var errSlow = errors.New("no answer in time")

// retry calls until call succeeds, fails for good, or has been tried often enough. call has to be idempotent.
func (c *Client) retry(ctx context.Context, call func(context.Context) error) error {
	for tries := 1; ; tries++ {
		err := c.try(ctx, call)
		if err == nil || tries == maxTries || !passing(err) {
			return err
		}
		if ended := c.pause(ctx, pauseAfter(tries, err)); ended != nil {
			return fmt.Errorf("%w; the latest try: %w", ended, err)
		}
	}
}

// try calls once.
func (c *Client) try(ctx context.Context, call func(context.Context) error) error {
	if err := c.tokens.wait(ctx); err != nil {
		return err
	}
	within, cancel := context.WithTimeoutCause(ctx, c.tryTimeout, errSlow)
	defer cancel()
	err := call(within)
	var failure *Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &failure):
		return failure // without the `Get "https://…":` that net/http puts in front
	default:
		return fmt.Errorf("read Heroku's answer (is HEROKU_API_URL right?): %w", err)
	}
}

// passing tells the failures that another try may not meet.
func passing(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.RetryAfter <= maxRetryAfter &&
		(failure.Kind == ErrUnavailable || failure.Kind == ErrRateLimited || failure.Kind == ErrNotReady)
}

// pauseAfter doubles with every try, unless Heroku asks for more. Half of it is random, so that many clients do not come back in step.
func pauseAfter(tries int, err error) time.Duration {
	d := firstPause << (tries - 1)
	d = d/2 + rand.N(d/2)
	var failure *Error
	if errors.As(err, &failure) {
		d = max(d, failure.RetryAfter)
	}
	return d
}
