package connect

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// maxParallel is how many apps are processed at a time: a hundred apps take seconds, and other users of the Heroku account do not notice.
const maxParallel = 8

// List returns both sides of every drain, sorted by app: those on AWS, and those that one of the given apps has only at Heroku. It omits apps
// that have nothing on AWS and that this account cannot access. See apiclient.Client.List for what to include.
func (c *Connector) List(ctx context.Context, apps []heroku.App, include ...drain.Detail) ([]Connection, error) {
	drains, err := c.API.List(ctx, include...)
	if err != nil {
		return nil, deadline.CauseOr(ctx, err)
	}
	connections := make([]Connection, 0, len(drains))
	known := map[string]bool{}
	for _, d := range drains {
		known[d.App] = true
		connections = append(connections, Connection{Drain: d})
	}
	if c.Heroku == nil {
		return connections, nil
	}
	for _, app := range apps {
		if !known[app.Name] && app.CheckLogDrains() == nil {
			known[app.Name] = true
			connections = append(connections, Connection{Drain: drain.Drain{App: app.Name, State: drain.None}})
		}
	}
	c.inspectAll(ctx, connections)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	connections = slices.DeleteFunc(connections, func(conn Connection) bool {
		return conn.State == drain.None && len(conn.Heroku.Ours) == 0 && (conn.Heroku.Err == nil || errors.Is(conn.Heroku.Err, heroku.ErrForbidden))
	})
	slices.SortStableFunc(connections, func(a, b Connection) int { return cmp.Compare(a.App, b.App) })
	return connections, nil
}

// inspectAll inspects the Heroku side of all apps, several at a time.
func (c *Connector) inspectAll(ctx context.Context, connections []Connection) {
	c.step("Checking Heroku…")
	tick := c.tally("Checking the apps at Heroku", len(connections), c.Heroku.Least)
	each(ctx, connections, func(i int) {
		defer tick()
		connections[i].Heroku = orUnknown(c.testedSubscription(ctx, connections[i].App))
	})
}

// each calls do with the index of every connection, at most maxParallel at a time, and returns when all calls have returned. Once ctx has
// ended, it makes no further calls.
func each(ctx context.Context, connections []Connection, do func(i int)) {
	var calls errgroup.Group
	calls.SetLimit(maxParallel)
	for i := range connections {
		calls.Go(func() error {
			if ctx.Err() == nil {
				do(i)
			}
			return nil
		})
	}
	_ = calls.Wait() // always nil: do keeps its own errors
}
