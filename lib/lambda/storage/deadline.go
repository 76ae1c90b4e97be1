package storage

import (
	"context"
	"time"
)

// At the deadline, Lambda kills the function, and SQS delivers every message again, including those already stored. So the function stops
// early: it starts no put in the last seconds, and cancels one that is still running in the last second. With a short timeout, both are a
// fraction of it.
const (
	lastPut    = 5 * time.Second // several times the duration of a put with a retry
	lastAnswer = time.Second
)

// deadline limits the work of an invocation. The zero value is no limit.
type deadline struct{ lastStart, finish time.Time }

func newDeadline(ctx context.Context, now time.Time) deadline {
	end, ok := ctx.Deadline()
	if !ok {
		return deadline{}
	}
	left := end.Sub(now)
	return deadline{lastStart: end.Add(-min(lastPut, left/4)), finish: end.Add(-min(lastAnswer, left/8))}
}

// near reports whether it is too late to start a put.
func (d deadline) near(now time.Time) bool { return !d.lastStart.IsZero() && !now.Before(d.lastStart) }

// context returns a context that ends when the function has to respond.
func (d deadline) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.finish.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, d.finish)
}
