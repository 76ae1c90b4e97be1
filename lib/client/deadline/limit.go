package deadline

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Exceeded is the cause of the end of a context that Limit returned. errors.Is finds context.DeadlineExceeded in it.
type Exceeded struct {
	Limit  time.Duration
	Origin string // of the limit, such as a flag; empty: it cannot be changed
}

// Error says how long the work was allowed to take.
func (e *Exceeded) Error() string {
	if e.Origin != "" {
		return fmt.Sprintf("not done within %s (%s)", e.Limit, e.Origin)
	}
	return fmt.Sprintf("not done within %s", e.Limit)
}

// Is reports whether target is context.DeadlineExceeded: the context itself was canceled, because its end is not known beforehand.
func (e *Exceeded) Is(target error) bool { return target == context.DeadlineExceeded }

// Limit returns a context that ends with an Exceeded after a time, like that of context.WithTimeoutCause, but without the time that is spent in
// Uncounted. Many apps share the rates that Heroku and AWS allow, so how long one of them waits for its turn says nothing about it. The context
// has no Deadline.
func Limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return LimitBy(ctx, d, "")
}

// LimitBy is Limit with the origin of the time.
func LimitBy(ctx context.Context, d time.Duration, origin string) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	l := &limit{whole: d, left: d}
	l.timer = time.AfterFunc(d, func() { end(&Exceeded{Limit: l.allowed(), Origin: origin}) })
	l.since = time.Now()
	return context.WithValue(ctx, limitKey{}, l), func() {
		l.stop()
		end(context.Canceled)
	}
}

// Uncounted calls wait. The time that it takes does not count for the Limit that ctx has, if any.
func Uncounted(ctx context.Context, wait func() error) error {
	if l, ok := ctx.Value(limitKey{}).(*limit); ok {
		l.pause()
		defer l.resume()
	}
	return wait()
}

// Extend adds a time to the Limit that ctx has, if any, for a wait that was not known when it began.
func Extend(ctx context.Context, d time.Duration) {
	if l, ok := ctx.Value(limitKey{}).(*limit); ok {
		l.extend(d)
	}
}

type limitKey struct{}

// limit is the time that a context of Limit has left.
type limit struct {
	mu    sync.Mutex
	timer *time.Timer // runs unless paused
	whole time.Duration
	left  time.Duration // at since
	since time.Time
	// paused is the number of Uncounted calls.
	paused  int
	stopped bool // the context has ended, or will at once
}

func (l *limit) allowed() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	return l.whole
}

func (l *limit) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	l.timer.Stop()
}

func (l *limit) pause() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused++; l.paused == 1 && l.timer.Stop() {
		l.left -= time.Since(l.since)
	}
}

func (l *limit) resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused--; l.paused == 0 {
		l.restart()
	}
}

func (l *limit) extend(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.whole += d
	if l.paused == 0 && l.timer.Stop() {
		l.left -= time.Since(l.since)
		defer l.restart()
	}
	l.left += d
}

// restart starts the timer with the time that is left. The limit must be locked.
func (l *limit) restart() {
	if l.stopped {
		return
	}
	l.since = time.Now()
	l.timer.Reset(l.left)
}
