package connect

import (
	"context"

	"heroku-drains/lib/drain"
)

// Connection is both sides of an app's drain as they are now.
type Connection struct {
	drain.Drain
	Heroku *Subscription // nil: Heroku was left out
}

// Get looks at both sides, and asks the drain whether it takes Heroku's password. There being nothing on either is an error that IsNotFound
// knows. That Heroku does not tell is no error, but Subscription.Err.
func (c *Connector) Get(ctx context.Context, app string) (Connection, error) {
	return c.look(ctx, app, true)
}

// Look is Get without asking the drain, and with Heroku's refusals as errors: what Delete needs.
func (c *Connector) Look(ctx context.Context, app string) (Connection, error) {
	conn, err := c.look(ctx, app, false)
	if err == nil && conn.Heroku != nil && conn.Heroku.Err != nil {
		err = because(ctx, conn.Heroku.Err)
	}
	return conn, err
}

func (c *Connector) look(ctx context.Context, app string, prove bool) (Connection, error) {
	d, missing := c.API.Get(ctx, app)
	if missing != nil && !IsNotFound(missing) {
		return Connection{}, because(ctx, missing)
	}
	conn := Connection{Drain: d}
	if c.Heroku != nil {
		conn.Heroku = c.ask(ctx, app, prove)
	}
	if missing != nil {
		if conn.Heroku == nil || len(conn.Heroku.Ours) == 0 && conn.Heroku.Err == nil {
			return Connection{}, missing
		}
		conn.Drain = drain.Drain{App: app, State: drain.None}
	}
	return conn, nil
}

// ask is the Heroku side, Unknown when it cannot be told.
func (c *Connector) ask(ctx context.Context, app string, prove bool) *Subscription {
	s, err := c.subscription(ctx, app)
	if err != nil {
		return &Subscription{State: Unknown, Err: err}
	}
	if prove {
		c.prove(ctx, s)
	}
	return s
}
