package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
)

// progress records what Apply tells it.
type progress struct {
	mu    sync.Mutex
	total int
	least time.Duration
	items []string
}

func (p *progress) Count(_ string, total int, least func(int) time.Duration) {
	p.total, p.least = total, least(total)
}

func (p *progress) Did(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items = append(p.items, fmt.Sprintf(format, args...))
}

// putAPI is a drains API whose drains are active at once.
type putAPI struct {
	connect.API
	put func(app string) error
}

func (a putAPI) Put(_ context.Context, app string, _ drain.Patch) (drain.Drain, bool, error) {
	return drain.Drain{App: app, State: drain.Active}, true, a.put(app)
}

func creations(n int) fleet.Plan {
	var plan fleet.Plan
	for i := range n {
		plan.Steps = append(plan.Steps, fleet.Step{App: fmt.Sprintf("app-%d", i), Action: fleet.Create})
	}
	return plan
}

func TestApplyLimitsParallelSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most, calls atomic.Int64
		api := putAPI{put: func(string) error {
			most.Store(max(most.Load(), running.Add(1)))
			<-time.After(time.Minute) // of the bubble's clock
			running.Add(-1)
			calls.Add(1)
			return nil
		}}
		var p progress
		fleet.Apply(t.Context(), &connect.Connector{API: api, Wait: clock.Sleep}, creations(20), fleet.Options{}, &p)
		if calls.Load() != 20 || most.Load() != 8 || running.Load() != 0 {
			t.Errorf("%d calls, at most %d at a time, %d still running; want 20, 8, 0", calls.Load(), most.Load(), running.Load())
		}
		if p.total != 20 || len(p.items) != 20 {
			t.Errorf("progress of %d items: %q", p.total, p.items)
		}
	})
}

func TestApplyEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var calls atomic.Int64
		api := putAPI{put: func(string) error {
			if calls.Add(1) == 2 {
				cancel()
			}
			return nil
		}}
		var p progress
		done := fleet.Apply(ctx, &connect.Connector{API: api, Wait: clock.Sleep}, creations(20), fleet.Options{}, &p)
		outcomes := map[fleet.Outcome]int{}
		for _, d := range done {
			outcomes[d.Outcome]++
			if d.Outcome == fleet.Failed && !errors.Is(d.Err, context.Canceled) {
				t.Errorf("%s failed with %v", d.App, d.Err)
			}
		}
		if calls.Load() != 2 || outcomes[fleet.Created] != 2 || outcomes[fleet.NotDone] == 0 || len(p.items) != 20-outcomes[fleet.NotDone] {
			t.Errorf("%d calls, outcomes %v, progress %q", calls.Load(), outcomes, p.items)
		}
	})
}
