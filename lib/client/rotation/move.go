package rotation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

const (
	// moveTime limits the move of one app. Its longest wait is the one for a test line to be found, up to two minutes without a batch window.
	moveTime = 4 * time.Minute
	// overlapTime is how long both of an app's drains receive lines. Heroku waits five seconds for a response, so lines that it sent only to
	// the old drain have arrived by then.
	overlapTime = 5 * time.Second
	// urlTries times spreadTime is how long to wait until the API returns the new key's password.
	urlTries = 5
)

// move makes Heroku send an app's lines to the drain URL of the current key, and returns the app's new state: it adds the new log drain,
// verifies it with a test line, and only then removes the old one. It can be repeated at any time.
//
// If the new drain accepts the test line, but the line is not found where it should be stored, the app is nevertheless moved, with an error: its
// password is good, and both drains lead to the same queue. Keeping both would store every line twice, and the next rotation would find the
// same.
func (r *Rotator) move(ctx context.Context, app inspected, opts Options) App {
	ctx, cancel := context.WithTimeoutCause(ctx, moveTime, fmt.Errorf("not done within %s", moveTime))
	defer cancel()
	moved := App{Name: app.Name}
	moved.State, moved.Err = r.moveTo(ctx, app, opts)
	return moved
}

func (r *Rotator) moveTo(ctx context.Context, app inspected, opts Options) (State, error) {
	now := r.inspect(ctx, app.Name)
	// An app that was current before the new key was created cannot be current now, unless the API still returns the old key's URL.
	for tries := 1; app.State == Current && now.url == app.url && now.Err == nil; tries++ {
		if tries == urlTries {
			return Unknown, fmt.Errorf("the API still returns the drain URL of the old key; to finish, run %s again", r.again())
		}
		if err := r.Connector.Wait(ctx, spreadTime); err != nil {
			return Unknown, err
		}
		now = r.inspect(ctx, app.Name)
	}
	if now.State != Behind {
		return now.State, now.Err
	}
	return r.replace(ctx, app.Name, opts)
}

// replace replaces an app's log drains with the one of the current key, and returns the app's new state.
func (r *Rotator) replace(ctx context.Context, app string, opts Options) (State, error) {
	d, _, err := r.Connector.PutAWS(ctx, app, drain.Patch{})
	if err == nil {
		d, err = r.Connector.AwaitActive(ctx, d)
	}
	if err != nil {
		return Behind, err
	}
	var stale []heroku.Drain
	d.DrainURL, stale, err = r.add(ctx, app, d.DrainURL)
	if err != nil {
		return Behind, deadline.CauseOr(ctx, err)
	}
	var unverified error
	if !opts.SkipVerify {
		_, unverified = r.Connector.Verify(ctx, d)
		if unverified != nil && (ctx.Err() != nil || !connect.IsAccepted(unverified)) {
			return Behind, fmt.Errorf("the new log drain could not be verified, so the old one was kept: %w", unverified)
		}
	}
	if len(stale) > 0 {
		if err := r.Connector.Wait(ctx, overlapTime); err != nil {
			return Behind, err
		}
	}
	if err := r.Connector.Unsubscribe(ctx, app, stale); err != nil {
		return Behind, err
	}
	return Current, unverified
}

// add adds a log drain with the drain URL, unless the app has one. It returns its URL, which has the host name of the drains that it replaces,
// and those drains. Unlike Connector.Subscribe, it never removes one first to make room: lines that the app writes in the meantime would be
// lost.
func (r *Rotator) add(ctx context.Context, app, drainURL string) (target string, stale []heroku.Drain, err error) {
	m, err := r.Connector.Matches(ctx, app, drainURL)
	target = m.Target(drainURL)
	if err != nil || m.Present != nil {
		return target, m.Stale, err
	}
	_, err = r.Connector.Heroku.AddDrain(ctx, app, target)
	switch {
	case errors.Is(err, heroku.ErrDrainExists): // another rotation was faster
		return target, m.Stale, nil
	case errors.Is(err, heroku.ErrDrainLimit):
		return target, nil, fmt.Errorf("the app needs room for a second log drain for a few seconds: %w", err)
	}
	return target, m.Stale, err
}
