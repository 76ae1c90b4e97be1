package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal/internal/clock"
)

func TestAdvance(t *testing.T) {
	c := clock.New()
	before := c.Now()
	c.Advance(time.Hour)
	if passed := c.Now().Sub(before); passed < time.Hour || passed > time.Hour+time.Minute {
		t.Errorf("%s passed, want an hour", passed)
	}
	defer func() {
		if recover() == nil {
			t.Error("Advance(-1) did not panic")
		}
	}()
	c.Advance(-1)
}

func TestWait(t *testing.T) {
	closed := make(chan struct{})
	close(closed)
	ended, end := context.WithCancel(context.Background())
	end()
	for _, c := range []struct {
		name string
		wait func(context.Context, *clock.Clock) error
		ctx  context.Context
		want error
	}{
		{"for a time that has passed", func(ctx context.Context, c *clock.Clock) error { return c.WaitUntil(ctx, c.Now()) }, t.Context(), nil},
		{"for a millisecond", func(ctx context.Context, c *clock.Clock) error { return c.Wait(ctx, time.Millisecond) }, t.Context(), nil},
		{"until woken", func(ctx context.Context, c *clock.Clock) error {
			return c.WaitUntilOr(ctx, c.Now().Add(time.Hour), closed)
		}, t.Context(), nil},
		{"in a context that ended", func(ctx context.Context, c *clock.Clock) error { return c.Wait(ctx, time.Hour) }, ended, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.wait(c.ctx, clock.New()); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestAdvanceWakesWaiters(t *testing.T) {
	c := clock.New()
	until := c.Now().Add(time.Hour)
	woken := make(chan error, 2)
	for range 2 {
		go func() { woken <- c.WaitUntil(t.Context(), until) }()
	}
	c.Advance(59 * time.Minute) // not enough
	select {
	case <-woken:
		t.Error("woken early")
	default:
	}
	c.Advance(time.Minute)
	for range 2 {
		if err := <-woken; err != nil {
			t.Error(err)
		}
	}
}
