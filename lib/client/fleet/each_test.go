package fleet_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/client/fleet"
)

func TestEachKeepsItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var running, most, calls atomic.Int64
		fleet.Each(t.Context(), 3, []int{1, 2, 3, 4, 5, 6, 7}, func(int) {
			most.Store(max(most.Load(), running.Add(1)))
			<-time.After(time.Second) // the bubble's clock, not the wall's
			running.Add(-1)
			calls.Add(1)
		})
		if calls.Load() != 7 || most.Load() != 3 || running.Load() != 0 {
			t.Errorf("%d calls, at most %d at a time, %d still running", calls.Load(), most.Load(), running.Load())
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("seven calls of a second, three at a time, took %s", took)
		}
	})
}

func TestEachEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int64
	fleet.Each(ctx, 1, []int{1, 2, 3}, func(n int) {
		calls.Add(1)
		if n == 2 {
			cancel()
		}
	})
	if calls.Load() != 2 {
		t.Errorf("%d calls, and the context ended in the second", calls.Load())
	}
}
