package connect

import (
	"context"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/drain"
)

// Connection is both sides of an app's drain as they are now.
type Connection struct {
	drain.Drain
	Heroku *Subscription // nil: Heroku was skipped
}

// Find returns both sides of an app's drain as the API and Heroku know them. It does not test whether the passwords at Heroku are accepted:
// every drain at Heroku counts as Stale. An error of Heroku makes Find fail. If the app has nothing on either side, IsNotFound returns true
// for the error.
func (c *Connector) Find(ctx context.Context, app string) (Connection, error) {
	conn, err := c.find(ctx, app, c.subscription)
	if err == nil && conn.Heroku != nil && conn.Heroku.Err != nil {
		err = deadline.CauseOr(ctx, conn.Heroku.Err)
	}
	return conn, err
}

// Inspect returns both sides of an app's drain, like Find, but also tests with empty POSTs whether the drain accepts the passwords at Heroku.
// An error of Heroku or of that test is in Subscription.Err.
func (c *Connector) Inspect(ctx context.Context, app string) (Connection, error) {
	return c.find(ctx, app, c.testedSubscription)
}

func (c *Connector) find(ctx context.Context, app string, subscription func(context.Context, string) (*Subscription, error)) (Connection, error) {
	d, missing := c.API.Get(ctx, app)
	if missing != nil && !IsNotFound(missing) {
		return Connection{}, deadline.CauseOr(ctx, missing)
	}
	conn := Connection{Drain: d}
	if c.Heroku != nil {
		conn.Heroku = orUnknown(subscription(ctx, app))
	}
	if missing != nil {
		if conn.Heroku == nil || len(conn.Heroku.Ours) == 0 && conn.Heroku.Err == nil {
			return Connection{}, missing
		}
		conn.Drain = drain.Drain{App: app, State: drain.None}
	}
	return conn, nil
}

func orUnknown(s *Subscription, err error) *Subscription {
	if err != nil {
		return &Subscription{State: Unknown, Err: err}
	}
	return s
}
