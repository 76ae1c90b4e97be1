package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// Connected is what Put leads to.
type Connected struct {
	drain.Drain               // with its DrainURL, which holds the password
	Created     bool          // there was nothing on AWS before
	Heroku      *Subscription // the one drain at Heroku; nil: Heroku was left out
	Latency     time.Duration // what a test line took from here to the stream; 0: none was sent
}

// Put connects an app: it makes or mends the AWS side, waits until it is active, makes Heroku send to it, and proves it with a test line
// unless it is told not to. It can be repeated at any time, and there is one drain of ours at Heroku afterwards.
//
// When it does not come as far as Heroku, whatever the reason, it undoes what it has made on AWS, and what was there before stays. From
// Heroku's yes on, the drain stays. Its error is then a *Failure, which tells what is left. Without Heroku nothing is undone or proven.
func (c *Connector) Put(ctx context.Context, app string, settings drain.Patch, prove bool) (Connected, error) {
	if c.Heroku == nil {
		return c.putActive(ctx, app, settings)
	}
	if err := c.CheckApp(ctx, app); err != nil {
		return Connected{}, because(ctx, err)
	}
	before, err := c.API.Get(ctx, app)
	if err != nil && !IsNotFound(err) {
		return Connected{}, because(ctx, err)
	}
	made, err := c.putActive(ctx, app, settings)
	switch {
	case turnedDown(err) && made.App == "":
		return made, err
	case err != nil:
		return made, c.undo(ctx, app, before, err)
	}
	m, err := c.Subscribe(ctx, app, made.DrainURL)
	if err != nil && !turnedDown(err) {
		m, err = c.afterSilence(ctx, app, made.DrainURL, because(ctx, err))
	}
	if err != nil {
		return made, c.undo(ctx, app, before, err)
	}
	made.Heroku = &Subscription{State: Present, Ours: []heroku.Drain{*m.Present}, Others: len(m.Others)}
	if err := c.settle(ctx, &made, m.Stale, prove); err != nil {
		return made, err
	}
	return made, nil
}

// CheckApp finds out before anything is touched what Heroku would refuse later: an app that does not exist, or cannot have log drains.
func (c *Connector) CheckApp(ctx context.Context, app string) error {
	found, err := c.Heroku.App(ctx, app)
	if err != nil {
		return err
	}
	if err := found.CheckLogDrains(); err != nil {
		return fmt.Errorf("add a log drain to %s: %w", app, err)
	}
	return nil
}

// putActive is the AWS side of Put.
func (c *Connector) putActive(ctx context.Context, app string, settings drain.Patch) (Connected, error) {
	d, created, err := c.PutAWS(ctx, app, settings)
	if err == nil {
		d, err = c.UntilActive(ctx, d)
	}
	return Connected{Drain: d, Created: created}, err
}

// settle proves the drain, and removes the drains at Heroku that it replaces once the endpoint is known to take the new one's password.
func (c *Connector) settle(ctx context.Context, made *Connected, stale []heroku.Drain, prove bool) error {
	var unproven error
	if prove {
		made.Latency, unproven = c.Verify(ctx, made.Drain)
		var v *VerifyError
		if unproven != nil && (ctx.Err() != nil || errors.As(unproven, &v) && !v.Accepted) {
			left := "the drain is there on both sides, but not proven: the same put proves it"
			return &Failure{unproven, left + andStale(stale)}
		}
	}
	if err := c.Unsubscribe(ctx, made.App, stale); err != nil {
		return &Failure{err, "the drain is there on both sides" + andStale(stale)}
	}
	if unproven != nil {
		return &Failure{unproven, "the drain stays on both sides: the same put tries again"}
	}
	return nil
}

func andStale(stale []heroku.Drain) string {
	if len(stale) == 0 {
		return ""
	}
	return ", and an older one of ours is still at Heroku: the same put removes it"
}
