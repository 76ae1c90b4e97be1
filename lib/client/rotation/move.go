package rotation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
)

const (
	// moveTime limits the move of one app, without the waits for Heroku's tokens and for its turn, and without its batch window. Its longest wait
	// is the one for a test line to be found, up to two minutes.
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
	ctx, cancel := deadline.Limit(ctx, moveTime)
	defer cancel()
	moved := App{Name: app.Name}
	moved.State, moved.Err = r.moveTo(ctx, app, opts)
	return moved
}

func (r *Rotator) moveTo(ctx context.Context, app inspected, opts Options) (State, error) {
	now := r.inspect(ctx, app.Name)
	// An app that was current before the new key was created cannot be current now, unless the API still returns the old key's URL.
	for tries := 1; app.State == Current && now.drain.DrainURL == app.drain.DrainURL && now.Err == nil; tries++ {
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
	return r.replace(ctx, now, opts)
}

// replace replaces an app's log drains with the one of the current key, and returns the app's new state. It relies on what was found a moment ago:
// to look again would take requests of Heroku's, of which a large fleet has few.
func (r *Rotator) replace(ctx context.Context, app inspected, opts Options) (State, error) {
	d, err := r.Connector.AwaitActive(ctx, app.drain)
	if err != nil {
		return Behind, err
	}
	// The app may keep a host name of the user's own.
	d.DrainURL = app.ours.Target(d.DrainURL)
	if app.ours.Present == nil {
		if err := r.add(ctx, app.Name, d.DrainURL); err != nil {
			return Behind, deadline.CauseOr(ctx, err)
		}
	}
	var unverified error
	if !opts.SkipVerify {
		_, unverified = r.Connector.Verify(ctx, d)
		if unverified != nil && (ctx.Err() != nil || !connect.IsAccepted(unverified)) {
			return Behind, fmt.Errorf("the new log drain could not be verified, so the old one was kept: %w", unverified)
		}
	}
	if len(app.ours.Stale) > 0 {
		if err := r.Connector.Wait(ctx, overlapTime); err != nil {
			return Behind, err
		}
	}
	if err := r.Connector.Unsubscribe(ctx, app.Name, app.ours.Stale); err != nil {
		return Behind, err
	}
	return Current, unverified
}

// add adds a log drain. Unlike Connector.Subscribe, it never removes one first to make room: lines that the app writes in the meantime would be
// lost.
func (r *Rotator) add(ctx context.Context, app, drainURL string) error {
	_, err := r.Connector.Heroku.AddDrain(ctx, app, drainURL)
	switch {
	case errors.Is(err, heroku.ErrDrainExists): // another rotation was faster
		return nil
	case errors.Is(err, heroku.ErrDrainLimit):
		return fmt.Errorf("the app needs room for a second log drain for a few seconds: %w", err)
	}
	return err
}
