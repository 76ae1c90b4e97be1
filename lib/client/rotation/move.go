package rotation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

const (
	// moveTime bounds one app's move. The longest wait in it is the one for a test line to be stored, a minute at least.
	moveTime = 4 * time.Minute
	// overlapTime is how long both of an app's drains send. Heroku waits five seconds for an answer: what it had sent to the old drain only,
	// before there was the new one, has arrived by then.
	overlapTime = 5 * time.Second
	// urlTries times settleTime is how long to wait until the API gives out the new key's password.
	urlTries = 5
)

// Move gives an app at Heroku the drain of the current key: adds it, proves it with a line that has to be stored, and only then removes the
// old one. After NewKey it is for all apps, to finish an earlier rotation for those that are not Current. It can be repeated at any time.
func (r *Rotator) Move(ctx context.Context, app App) App {
	moved := App{Name: app.Name, State: app.State}
	if app.State == Absent {
		return moved
	}
	ctx, cancel := context.WithTimeoutCause(ctx, moveTime, fmt.Errorf("not done within %s", moveTime))
	defer cancel()
	moved.State, moved.Err = r.move(ctx, app)
	return moved
}

func (r *Rotator) move(ctx context.Context, app App) (State, error) {
	now := r.look(ctx, app.Name)
	for tries := 1; app.State == Current && now.url == app.url && now.Err == nil; tries++ {
		if tries == urlTries {
			return Unknown, errors.New("the API still gives out the drain URL of the key before: rotate again to finish")
		}
		if err := r.Connector.Wait(ctx, settleTime); err != nil {
			return Unknown, context.Cause(ctx)
		}
		now = r.look(ctx, app.Name)
	}
	if now.State != Behind {
		return now.State, now.Err
	}
	if err := r.replace(ctx, app.Name); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return Behind, err
	}
	return Current, nil
}

// replace is Move for an app that is Behind.
func (r *Rotator) replace(ctx context.Context, app string) error {
	d, _, err := r.Connector.PutAWS(ctx, app, drain.Patch{})
	if err == nil {
		d, err = r.Connector.AwaitActive(ctx, d)
	}
	if err != nil {
		return err
	}
	stale, err := r.add(ctx, app, d.DrainURL)
	if err != nil {
		return err
	}
	if _, err := r.Connector.Verify(ctx, d); err != nil {
		return fmt.Errorf("the old drain stays beside the new one, which is not proven: %w", err)
	}
	if len(stale) > 0 {
		if err := r.Connector.Wait(ctx, overlapTime); err != nil {
			return err
		}
	}
	return r.Connector.Unsubscribe(ctx, app, stale)
}

// add makes Heroku send to a drain URL beside what it sends to already, and answers which drains are to go. Unlike Subscribe it never makes
// room by removing one first: what the app writes meanwhile would be lost.
func (r *Rotator) add(ctx context.Context, app, drainURL string) (stale []heroku.Drain, err error) {
	found, err := r.Connector.Heroku.Drains(ctx, app)
	if err != nil {
		return nil, err
	}
	m, err := heroku.Match(found, drainURL)
	if err != nil || m.Present != nil {
		return m.Stale, err
	}
	_, err = r.Connector.Heroku.AddDrain(ctx, app, drainURL)
	switch {
	case errors.Is(err, heroku.ErrDrainExists): // another rotation was quicker
		return m.Stale, nil
	case errors.Is(err, heroku.ErrDrainLimit):
		return nil, fmt.Errorf("its new drain needs a place beside the old one for some seconds: %w", err)
	}
	return m.Stale, err
}
