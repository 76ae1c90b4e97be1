package connect

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// Removed is the result of DeleteAll for one app.
type Removed struct {
	App   string
	Drain drain.Drain // what was removed on AWS
	Err   error       // why it was not removed; context.Canceled if DeleteAll ended before it
}

// maxDeleting is how many drains are deleted at the same time: with more, the paced calls could not look at each of their queues every lookEvery.
const maxDeleting = int(lookEvery / apiPace)

// LeastDeletes returns how long DeleteAll takes at least for a number of drains, because their queues have to look empty for some time.
func (c *Connector) LeastDeletes(drains int, opts DeleteOptions) time.Duration {
	if c.ExactCounts || opts.Force || drains == 0 {
		return 0
	}
	return max(emptyTime, LeastCalls(drains*int(emptyTime/lookEvery)))
}

// DeleteAll is Delete for many apps. It first removes the drains at Heroku, and then waits for many queues at the same time. A failure of one app
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
	tick := c.tally("Deleting drains", len(connections), func(left int) time.Duration { return c.LeastDeletes(left, opts) })
	var deletes errgroup.Group
	deletes.SetLimit(maxDeleting)
	for i, conn := range connections {
		if !began[i] {
			continue
		}
		deletes.Go(func() error {
			defer tick()
			ctx, cancel := opts.context(ctx)
			defer cancel()
			removed[i].Drain, removed[i].Err = paced.deleteDrained(ctx, conn, unsubscribed[i], opts)
			return nil
		})
	}
	_ = deletes.Wait() // always nil: the errors are in removed
	return removed
}
