package connect

import (
	"context"
	"sync"

	"heroku-drains/lib/drain"
)

// Removed is the result of DeleteAll for one app.
type Removed struct {
	App   string
	Drain drain.Drain // what was removed on AWS
	Err   error       // why it was not removed; context.Canceled if DeleteAll ended before it
}

// DeleteAll calls Delete for many apps, several at a time. A failure of one does not stop the others.
func (c *Connector) DeleteAll(ctx context.Context, connections []Connection, opts DeleteOptions) []Removed {
	removed := make([]Removed, len(connections))
	for i, conn := range connections {
		removed[i] = Removed{App: conn.App, Err: context.Canceled}
	}
	quiet := *c // the steps of many apps at a time would be confusing
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
