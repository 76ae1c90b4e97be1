// Package clock is the time of the embedded AWS: the machine's clock, which tests can advance instead of sleeping.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock runs with the machine's clock plus an offset that only grows. The zero value is not usable; call New.
type Clock struct {
	mu      sync.Mutex
	offset  time.Duration
	changed chan struct{} // closed and replaced by every Advance
}

// New returns a clock that reads the machine's time.
func New() *Clock {
	return &Clock{changed: make(chan struct{})}
}

// Now is the embedded AWS's time.
func (c *Clock) Now() time.Time {
	now, _ := c.read()
	return now
}

func (c *Clock) read() (time.Time, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset), c.changed
}

// Advance moves the clock forward by d and wakes everyone who waits on it. A negative d is a programming error and panics.
func (c *Clock) Advance(d time.Duration) {
	if d < 0 {
		panic("clock: time does not run backwards")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
	close(c.changed)
	c.changed = make(chan struct{})
}

// WaitUntil returns nil once the clock reads t or later, or the context's error if that comes first.
func (c *Clock) WaitUntil(ctx context.Context, t time.Time) error {
	return c.WaitUntilOr(ctx, t, nil)
}

// WaitUntilOr is WaitUntil that also returns nil when wake is closed; a nil wake never is.
func (c *Clock) WaitUntilOr(ctx context.Context, t time.Time, wake <-chan struct{}) error {
	for {
		now, changed := c.read()
		if !now.Before(t) {
			return nil
		}
		timer := time.NewTimer(t.Sub(now))
		select {
		case <-timer.C:
		case <-changed:
			timer.Stop()
		case <-wake:
			timer.Stop()
			return nil
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// Wait returns nil after d on this clock, or the context's error if that comes first.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error {
	return c.WaitUntil(ctx, c.Now().Add(d))
}
