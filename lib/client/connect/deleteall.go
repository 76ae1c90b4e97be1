package connect

import (
	"context"
	"sync"

	"heroku-drains/lib/drain"
)

// Removed is what became of one app in DeleteAll.
type Removed struct {
	App   string
	Drain drain.Drain // what was removed of AWS
	Err   error       // why it was not; the context's, when DeleteAll did not come to it
}

// DeleteAll is Delete for many apps, some at a time. The failure of one does not keep the others.
func (c *Connector) DeleteAll(ctx context.Context, connections []Connection, opts DeleteOptions) []Removed {
	removed := make([]Removed, len(connections))
	for i, conn := range connections {
		removed[i] = Removed{App: conn.App, Err: context.Canceled}
	}
	quiet := *c // many apps' steps would contradict each other
	quiet.Progress = nil
	c.step("Deleting %d drains…", len(connections))
	var mu sync.Mutex
	done := 0
	each(ctx, connections, func(i int) {
		d, err := quiet.Delete(ctx, connections[i], opts)
		removed[i] = Removed{App: connections[i].App, Drain: d, Err: err}
		mu.Lock()
		defer mu.Unlock()
		done++
		c.detail("Deleting %d drains: %d done…", len(connections), done)
	})
	return removed
}
