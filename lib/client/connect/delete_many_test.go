package connect_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
)

// emptyQueues is an API whose drains have empty queues.
type emptyQueues struct {
	connect.API
	reads atomic.Int64
}

func (a *emptyQueues) Get(_ context.Context, app string) (drain.Drain, error) {
	a.reads.Add(1)
	return drain.Drain{App: app, State: drain.Active, Queue: &drain.Queue{Name: app}}, nil
}

func (a *emptyQueues) Delete(_ context.Context, app string, _ drain.DeleteOptions) (drain.Drain, error) {
	return drain.Drain{App: app}, nil
}

// TestDeleteAllOfManyDrains deletes so many drains that each waits for its turn longer than its deletion may take.
func TestDeleteAllOfManyDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const drains = 1000
		api := new(emptyQueues)
		connections := make([]connect.Connection, drains)
		for i := range connections {
			app := fmt.Sprintf("app-%d", i)
			connections[i] = connect.Connection{Drain: drain.Drain{App: app, State: drain.Active, Queue: &drain.Queue{Name: app}}}
		}
		began := time.Now()
		c := &connect.Connector{API: api, Wait: clock.Sleep}
		failed := 0
		for _, removed := range c.DeleteAll(t.Context(), connections, connect.DeleteOptions{Timeout: 15 * time.Minute}) {
			if removed.Err != nil {
				if failed++; failed == 1 {
					t.Errorf("%s: %v", removed.App, removed.Err)
				}
			}
		}
		took, least := time.Since(began), c.LeastDeletes(drains, connect.DeleteOptions{})
		if failed > 0 || took < least || took > least*11/10 {
			t.Errorf("after %s, %d of %d drains are not deleted; it was to take at least %s", took, failed, drains, least)
		}
		t.Logf("%d drains took %s, with %d reads", drains, took, api.reads.Load())
	})
}
