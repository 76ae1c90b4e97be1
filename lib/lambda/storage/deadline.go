package storage

import (
	"context"
	"time"
)

// When Lambda's deadline comes the function is killed, and every message is delivered again, the stored ones too. So the last seconds are
// not for work: no put is begun in them, and none goes on in the very last. Short deadlines leave a part of themselves.
const (
	lastPut    = 5 * time.Second // several times what a put takes, with a retry
	lastAnswer = time.Second
)

// deadline is until when an invocation may work. The zero value is for ever.
type deadline struct{ begin, finish time.Time }

func newDeadline(ctx context.Context, now time.Time) deadline {
	end, ok := ctx.Deadline()
	if !ok {
		return deadline{}
	}
	left := end.Sub(now)
	return deadline{begin: end.Add(-min(lastPut, left/4)), finish: end.Add(-min(lastAnswer, left/8))}
}

// near reports whether it is too late to begin anything.
func (d deadline) near(now time.Time) bool { return !d.begin.IsZero() && !now.Before(d.begin) }

// context ends when the answer is due.
func (d deadline) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.finish.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, d.finish)
}
