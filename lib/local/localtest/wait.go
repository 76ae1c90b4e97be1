package localtest

import (
	"context"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal"
)

// timeLimit limits Eventually. It is enough for a busy machine.
const timeLimit = 2 * time.Minute

// AdvanceInsteadOfWaiting returns a function with the signature of clock.Sleep that advances the server's clock by the given time instead of
// waiting.
func AdvanceInsteadOfWaiting(server *awslocal.Server) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		server.Advance(d)
		return context.Cause(ctx)
	}
}

// Eventually returns when a condition holds, and ends the test if that takes more than two minutes. It is for what functions do on their own:
// they run in real time, regardless of the server's clock.
func Eventually(t testing.TB, condition string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeLimit)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("timed out waiting until %s: %v", condition, ctx.Err())
		}
	}
}

// AwayFromMidnight waits until midnight (UTC) has passed if that is less than a minute away, so that what a test does happens on one day. It does not advance
// the clock of an embedded AWS, because programs under test read the machine's.
func AwayFromMidnight(t testing.TB) {
	now := time.Now()
	left := now.Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
	if left > time.Minute {
		return
	}
	select {
	case <-time.After(left):
	case <-t.Context().Done():
	}
}
