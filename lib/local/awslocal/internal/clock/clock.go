// Package clock provides the embedded AWS's clock, which tests can advance instead of sleeping.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock shows the machine's time plus an offset that only grows. It is safe for concurrent use. The zero value is not usable; call New.
type Clock struct {
	mu      sync.Mutex
	offset  time.Duration
	changed chan struct{} // closed and replaced by every Advance
}

// New returns a clock that shows the machine's time.
func New() *Clock {
	return &Clock{changed: make(chan struct{})}
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	now, _ := c.read()
	return now
}

func (c *Clock) read() (time.Time, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset), c.changed
}

// Offset returns by how much the clock is ahead of the machine's time.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Advance moves the clock forward by d and wakes everyone who waits on it. It panics if d is negative.
func (c *Clock) Advance(d time.Duration) {
	if d < 0 {
		panic("clock: Advance by a negative duration")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
	close(c.changed)
	c.changed = make(chan struct{})
}

// WaitUntil waits until the clock shows t or later. It returns the context's error if the context ends first.
func (c *Clock) WaitUntil(ctx context.Context, t time.Time) error {
	return c.WaitUntilOr(ctx, t, nil)
}

// WaitUntilOr is like WaitUntil but also returns when wake is closed. A nil wake has no effect.
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

// Wait waits until the clock has moved on by d. It returns the context's error if the context ends first.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error {
	return c.WaitUntil(ctx, c.Now().Add(d))
}
