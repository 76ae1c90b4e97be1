// Package patient repeats a call to AWS for as long as the caller's context allows. The SDK's own retries give up after a fixed number of
// tries, or sooner when a busy client has used up its retry tokens; a drain request has to outlive an outage as long as Logplex waits.
package patient

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"heroku-drains/lib/clock"
)

const (
	// tryTime is what one try may take. AWS answers in milliseconds; a connection that went stale while Lambda had the function frozen
	// does not answer at all, and must leave time for another one.
	tryTime = 1500 * time.Millisecond

	firstPause = 50 * time.Millisecond
	maxPause   = 500 * time.Millisecond
)

// Do calls until call succeeds, final says that an error will not go away, or the context ends. The context needs a deadline. Clients that
// are called in this way are to have aws.NopRetryer. When time is up, the error is that of the last try that was not cut short.
func Do(ctx context.Context, final func(error) bool, call func(context.Context) error) error {
	var cause error
	for tries := 1; ; tries++ {
		err := try(ctx, call)
		if err == nil || final(err) {
			return err
		}
		if cause == nil || ctx.Err() == nil {
			cause = err
		}
		if clock.Sleep(ctx, pause(tries)) != nil {
			return fmt.Errorf("gave up after %d tries: %w", tries, cause)
		}
	}
}

func try(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	return call(ctx)
}

// pause doubles up to maxPause. Half of it is random, so that many functions do not return to a recovering service in step.
func pause(tries int) time.Duration {
	d := firstPause
	for range tries - 1 {
		d = min(2*d, maxPause)
	}
	return d/2 + rand.N(d/2)
}
