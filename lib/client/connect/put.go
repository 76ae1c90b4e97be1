package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// PutOptions says how Put connects an app. The zero value changes no setting and verifies the drain.
type PutOptions struct {
	Change     drain.Patch // of the drain's settings
	SkipVerify bool        // do not send a test line
	KnownApp   bool        // the app was found at Heroku a moment ago, and can have log drains: do not look it up again
}

// Connected is the result of Put.
type Connected struct {
	drain.Drain               // with its DrainURL, which holds the password
	Created     bool          // this run created the AWS side; at most kept logs existed before
	Heroku      *Subscription // the drain at Heroku; nil: Heroku was skipped
	Latency     time.Duration // how long a test line took to reach the log stream; 0: none was sent
}

// Put connects an app: it creates or repairs the AWS side, waits until it is active, makes Heroku send to it, and verifies it with a test line
// unless opts says otherwise. It can be repeated at any time. Afterwards, exactly one of our drains exists at Heroku.
//
// If it fails before Heroku has added the drain, it rolls back what it certainly created on AWS, and keeps what existed before or what another
// run created. Once Heroku has added the drain, a failure leaves everything in place. The error is a *Failure, which says what is left.
// Without Heroku, Put neither rolls back nor verifies.
func (c *Connector) Put(ctx context.Context, app string, opts PutOptions) (Connected, error) {
	if c.Heroku == nil {
		return c.putActive(ctx, app, opts.Change)
	}
	if !opts.KnownApp {
		if err := c.CheckApp(ctx, app); err != nil {
			return Connected{}, deadline.CauseOr(ctx, err)
		}
	}
	before, err := c.API.Get(ctx, app)
	if err != nil && !IsNotFound(err) {
		return Connected{}, deadline.CauseOr(ctx, err)
	}
	made, err := c.putActive(ctx, app, opts.Change)
	switch {
	case made.App == "" && rejected(err):
		return made, err
	case made.App == "" && err != nil:
		return made, c.unknownAWSSide(ctx, app, before, err)
	case err != nil:
		return made, c.undo(ctx, made, before, err)
	}
	m, err := c.Subscribe(ctx, app, made.DrainURL)
	if err != nil && !rejected(err) {
		m, err = c.confirmAdded(ctx, app, made.DrainURL, deadline.CauseOr(ctx, err))
	}
	if err != nil {
		return made, c.undo(ctx, made, before, err)
	}
	made.Heroku = &Subscription{State: Present, Ours: []heroku.Drain{*m.Present}, Others: len(m.Others)}
	if err := c.finish(ctx, &made, m, opts); err != nil {
		return made, err
	}
	return made, nil
}

// CheckApp fails if Heroku would refuse a log drain for the app: it does not exist, or cannot have log drains. Put calls it before it changes
// anything.
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

// putActive does the AWS side of Put.
func (c *Connector) putActive(ctx context.Context, app string, change drain.Patch) (Connected, error) {
	d, created, err := c.PutAWS(ctx, app, change)
	if err == nil {
		d, err = c.AwaitActive(ctx, d)
	}
	return Connected{Drain: d, Created: created}, err
}

// finish verifies the drain, and removes the drains at Heroku that it replaces once the endpoint is known to accept the new password.
func (c *Connector) finish(ctx context.Context, made *Connected, m heroku.Matches, opts PutOptions) error {
	var unverified error
	stale := m.Stale
	if !opts.SkipVerify {
		d := made.Drain
		d.DrainURL = m.Present.URL // where Heroku sends, which may have another host name
		made.Latency, unverified = c.Verify(ctx, d)
		lost, ok := errors.AsType[*VerifyError](unverified)
		if unverified != nil && (ctx.Err() != nil || ok && !lost.Accepted) {
			left := "the drain exists on both sides but is not verified; to verify it, run " + c.PutCommand(made.App)
			return &Failure{Err: unverified, Left: left + staleNote(stale)}
		}
	}
	if err := c.Unsubscribe(ctx, made.App, stale); err != nil {
		return &Failure{Err: err, Left: "the drain exists on both sides" + staleNote(stale) + ": " + c.PutCommand(made.App)}
	}
	if unverified != nil {
		return &Failure{Err: unverified, Left: "the drain stays on both sides; to verify it, run " + c.PutCommand(made.App)}
	}
	return nil
}

func staleNote(stale []heroku.Drain) string {
	if len(stale) == 0 {
		return ""
	}
	return ", and an outdated log drain is still at Heroku; the same command removes it"
}
