package connect

import (
	"context"
	"sync"

	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// Removed is the result of DeleteAll for one app.
type Removed struct {
	App   string
	Drain drain.Drain // what was removed on AWS
	Err   error       // why it was not removed; context.Canceled if DeleteAll ended before it
}

// DeleteAll is Delete for many apps. It first removes the drains at Heroku, and then waits for all queues at the same time. A failure of one app
// does not stop the others.
func (c *Connector) DeleteAll(ctx context.Context, connections []Connection, opts DeleteOptions) []Removed {
	removed := make([]Removed, len(connections))
	for i, conn := range connections {
		removed[i] = Removed{App: conn.App, Err: context.Canceled}
	}
	c.step("Removing %s at Heroku…", plural.Count(len(connections), "log drain"))
	paced := c.Paced()
	began := make([]bool, len(connections))
	unsubscribed := make([]bool, len(connections))
	each(ctx, connections, func(i int) {
		ctx, cancel := opts.context(ctx)
		defer cancel()
		unsubscribed[i], removed[i].Err = paced.unsubscribe(ctx, connections[i], opts)
		began[i] = removed[i].Err == nil
	})
	c.step("Waiting until the queues of %s are empty…", plural.Count(len(connections), "app"))
	var mu sync.Mutex
	done := 0
	var deletes sync.WaitGroup
	for i, conn := range connections {
		if !began[i] {
			continue
		}
		deletes.Go(func() {
			ctx, cancel := opts.context(ctx)
			defer cancel()
			removed[i].Drain, removed[i].Err = paced.deleteDrained(ctx, conn, unsubscribed[i], opts)
			mu.Lock()
			defer mu.Unlock()
			done++
			c.detail("Deleting %s: %d done…", plural.Count(len(connections), "drain"), done)
		})
	}
	deletes.Wait()
	return removed
}
