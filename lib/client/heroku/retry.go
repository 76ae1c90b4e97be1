package heroku

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/reach"
)

const (
	// tryTimeout is how long Heroku's router waits for the response of an app, and so of the API.
	// https://devcenter.heroku.com/articles/request-timeout
	tryTimeout = 30 * time.Second
	// maxTries is the maximum number of tries of a call.
	maxTries = 6

	// firstTries is the maximum number of tries of a call to a host that has never been reached. Its name is wrong, or there is no network: six
	// tries take 13 seconds, and end the same.
	firstTries = 2

	firstPause = 500 * time.Millisecond
	// maxRetryAfter is the longest Retry-After that a call waits for. If Heroku asks for more, the call fails.
	maxRetryAfter = time.Minute
)

// retry repeats call until it succeeds, fails permanently, or was tried maxTries times. The call must be idempotent.
func (c *Client) retry(ctx context.Context, call func(context.Context) error) error {
	var last error // how the previous try failed
	for tries := 1; ; tries++ {
		err := c.try(ctx, call)
		if err != nil && ctx.Err() != nil {
			return deadline.With(err, last)
		}
		if err == nil || tries == maxTries || !temporary(err) || c.hopeless(err, tries) {
			return err
		}
		last = err
		if ended := c.pauseAfter(ctx, tries, err); ended != nil {
			return deadline.With(ended, last)
		}
	}
}

// pauseAfter waits before another try. If the account has no tokens left, that does not count for a deadline.Limit.
func (c *Client) pauseAfter(ctx context.Context, tries int, err error) error {
	pause := func() error { return c.pause(ctx, backoff(tries, err)) }
	if errors.Is(err, ErrRateLimited) {
		return deadline.Uncounted(ctx, pause)
	}
	return pause()
}

// try makes one call.
func (c *Client) try(ctx context.Context, call func(context.Context) error) error {
	if err := c.tokens.wait(ctx); err != nil {
		return err
	}
	within, cancel := context.WithTimeoutCause(ctx, c.tryTimeout, fmt.Errorf("no response within %s", c.tryTimeout))
	defer cancel()
	err := call(within)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if apiErr, ok := errors.AsType[*Error](err); ok {
		return apiErr // without the prefix `Get "https://…":` that net/http adds
	}
	return fmt.Errorf("invalid response from Heroku (check HEROKU_API_URL): %w", err)
}

// temporary reports whether another try may succeed.
func temporary(err error) bool {
	apiErr, ok := errors.AsType[*Error](err)
	return ok && apiErr.RetryAfter <= maxRetryAfter &&
		(apiErr.Kind == ErrUnavailable || apiErr.Kind == ErrRateLimited || apiErr.Kind == ErrNotReady)
}

// hopeless reports whether another try would only take time: the host has never been reached, and cannot be now.
func (c *Client) hopeless(err error, tries int) bool {
	unreachable, ok := reach.Find(err)
	return ok && unreachable.First && (tries == firstTries || unreachable.Why == reach.Silent)
}

// backoff returns the pause after a number of tries, or Heroku's Retry-After if that is longer. It doubles with every try. Half of it is
// random, so that many clients do not retry at the same time.
func backoff(tries int, err error) time.Duration {
	d := firstPause << (tries - 1)
	d = d/2 + rand.N(d/2)
	if apiErr, ok := errors.AsType[*Error](err); ok {
		d = max(d, apiErr.RetryAfter)
	}
	return d
}
