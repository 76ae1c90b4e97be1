package localtest

import (
	"context"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal"
)

// timeLimit bounds Eventually: it is enough for a loaded machine.
const timeLimit = 2 * time.Minute

// AdvanceInsteadOfWaiting returns a function with the signature of clock.Sleep that returns at once and advances the server's clock by that
// time.
func AdvanceInsteadOfWaiting(server *awslocal.Server) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		server.Advance(d)
		return context.Cause(ctx)
	}
}

// Eventually returns when a condition holds, and ends the test if it does not within two minutes. It is for what functions do on their own: they
// run in real time, whatever the server's clock says.
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
