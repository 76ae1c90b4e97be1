// Package patient makes calls to AWS outlast bad connections and outages.
//
// Do retries a call until the caller's context ends. The SDK's own retries give up after a fixed number of attempts, or earlier when a busy
// client has used up its retry tokens; the calls for a POST of Logplex must be retried for as long as Logplex waits. All other calls are
// retried by the SDK, with LimitAttempts.
package patient

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"heroku-drains/lib/clock"
)

const (
	// attemptTimeout limits one attempt. AWS answers within milliseconds. A connection that went stale while Lambda had the function frozen
	// does not answer at all, and must leave time for another attempt.
	attemptTimeout = 1500 * time.Millisecond

	firstPause = 50 * time.Millisecond
	maxPause   = 500 * time.Millisecond
)

// Do calls call until it succeeds, final reports that an error is permanent, or ctx ends. ctx needs a deadline, and the client that is called
// should not retry (aws.NopRetryer). If ctx ends, the error is that of the last attempt that was not cut off.
func Do(ctx context.Context, final func(error) bool, call func(context.Context) error) error {
	var cause error
	for attempts := 1; ; attempts++ {
		err := attempt(ctx, call)
		if err == nil || final(err) {
			return err
		}
		if cause == nil || ctx.Err() == nil {
			cause = err
		}
		if clock.Sleep(ctx, pause(attempts)) != nil {
			if attempts == 1 {
				return fmt.Errorf("gave up after one attempt: %w", cause)
			}
			return fmt.Errorf("gave up after %d attempts: %w", attempts, cause)
		}
	}
}

func attempt(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return call(ctx)
}

// pause returns the time to wait after an attempt, which doubles up to maxPause. Half of it is random, so that the functions do not all return
// to a recovering service at once.
func pause(attempts int) time.Duration {
	d := firstPause
	for range attempts - 1 {
		d = min(2*d, maxPause)
	}
	return d/2 + rand.N(d/2)
}
