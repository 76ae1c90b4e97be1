package deadline_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/client/deadline"
)

// sleep waits for the end of a context, or for a time.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// TestLimit checks after how long a context of Limit ends, whatever is done under it.
func TestLimit(t *testing.T) {
	const limit = time.Minute
	for name, tt := range map[string]struct {
		work func(context.Context)
		want time.Duration
		text string
	}{
		"work": {func(context.Context) {}, limit, "not done within 1m0s"},
		"a wait that does not count": {func(ctx context.Context) {
			_ = sleep(ctx, 10*time.Second)
			_ = deadline.Uncounted(ctx, func() error { return sleep(ctx, time.Hour) })
		}, limit + time.Hour, "not done within 1m0s"},
		"several at the same time": {func(ctx context.Context) {
			var all sync.WaitGroup
			for i := range 5 {
				all.Go(func() {
					_ = deadline.Uncounted(ctx, func() error { return sleep(ctx, time.Duration(i)*time.Hour) })
				})
			}
			all.Wait()
		}, limit + 4*time.Hour, "not done within 1m0s"},
		"more time": {func(ctx context.Context) { deadline.Extend(ctx, time.Second) }, limit + time.Second, "not done within 1m1s"},
		"more time, in the wait": {func(ctx context.Context) {
			_ = deadline.Uncounted(ctx, func() error {
				deadline.Extend(ctx, time.Second)
				return sleep(ctx, time.Hour)
			})
		}, limit + time.Second + time.Hour, "not done within 1m1s"},
		"all time used before the wait": {func(ctx context.Context) {
			_ = sleep(ctx, 2*limit)
			_ = deadline.Uncounted(ctx, func() error { return sleep(ctx, time.Hour) })
		}, limit, "not done within 1m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ctx, cancel := deadline.Limit(t.Context(), limit)
				defer cancel()
				tt.work(ctx)
				<-ctx.Done()
				if took := time.Since(began); took != tt.want {
					t.Errorf("it ended after %s, want %s", took, tt.want)
				}
				if err := context.Cause(ctx); err.Error() != tt.text || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("it ended with %v", err)
				}
			})
		})
	}
}

// TestWithoutLimit checks that contexts without a Limit can be used.
func TestWithoutLimit(t *testing.T) {
	want := errors.New("no tokens")
	deadline.Extend(t.Context(), time.Second)
	if err := deadline.Uncounted(t.Context(), func() error { return want }); err != want {
		t.Errorf("error %v", err)
	}
}

// TestCanceledLimit checks that the end of the work, or of the context around it, is not taken for the end of the time.
func TestCanceledLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := deadline.Limit(t.Context(), time.Minute)
		_ = deadline.Uncounted(ctx, func() error { cancel(); return nil })
		time.Sleep(time.Hour)
		if err := context.Cause(ctx); err != context.Canceled {
			t.Errorf("it ended with %v", err)
		}
	})
}
