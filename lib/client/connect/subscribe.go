package connect

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
)

// Subscribe makes Heroku send an app's lines to a drain URL, unless it does already. It returns our drains at Heroku: the Present one, and the
// Stale ones, which the caller must remove with Unsubscribe once the new one is known to work. Until then, lines arrive twice.
func (c *Connector) Subscribe(ctx context.Context, app, drainURL string) (heroku.Matches, error) {
	m, err := c.Matches(ctx, app, drainURL)
	if err != nil || m.Present != nil {
		return m, err
	}
	drainURL = m.Target(drainURL)
	c.step("Adding the log drain to %s at Heroku…", app)
	added, err := c.addDrain(ctx, app, drainURL)
	switch {
	case errors.Is(err, heroku.ErrDrainLimit) && len(m.Stale) > 0:
		// Make room first by removing a drain that would be removed anyway.
		if err := c.removeDrain(ctx, app, m.Stale[0].ID); err != nil {
			return m, err
		}
		m.Stale = m.Stale[1:]
		added, err = c.addDrain(ctx, app, drainURL)
	case errors.Is(err, heroku.ErrDrainExists): // another Put was faster
		if again, lost := c.Matches(ctx, app, drainURL); lost == nil && again.Present != nil {
			return again, nil
		}
	}
	if err == nil {
		m.Present = &added
	}
	return m, err
}

func (c *Connector) addDrain(ctx context.Context, app, drainURL string) (added heroku.Drain, err error) {
	err = c.finishOnCancel(ctx, func(ctx context.Context) (err error) {
		added, err = c.Heroku.AddDrain(ctx, app, drainURL)
		return err
	})
	return added, err
}

func (c *Connector) removeDrain(ctx context.Context, app, id string) error {
	return c.finishOnCancel(ctx, func(ctx context.Context) error { return c.Heroku.RemoveDrain(ctx, app, id) })
}

// Matches returns which of an app's drains at Heroku deliver to a drain URL, with its current or an older password. A drain that leads to
// another host is ours if the API accepts its password, which Matches tests with an empty POST unless drainURL has the same password.
func (c *Connector) Matches(ctx context.Context, app, drainURL string) (heroku.Matches, error) {
	found, err := c.Heroku.Drains(ctx, app)
	if err != nil {
		return heroku.Matches{}, err
	}
	m, err := heroku.Match(found, drainURL)
	if err != nil {
		return heroku.Matches{}, err
	}
	elsewhere, err := m.Elsewhere(drainURL)
	if err != nil {
		return heroku.Matches{}, err
	}
	for _, d := range elsewhere {
		ours, err := c.acceptedHere(ctx, app, d, drainURL)
		if err != nil {
			return heroku.Matches{}, err
		}
		if !ours {
			continue
		}
		if err := m.Claim(d, drainURL); err != nil {
			return heroku.Matches{}, err
		}
	}
	return m, nil
}

// acceptedHere reports whether the API accepts the password of a drain that leads to another host.
func (c *Connector) acceptedHere(ctx context.Context, app string, d heroku.Drain, drainURL string) (bool, error) {
	theirs, err := url.Parse(d.URL)
	if err != nil {
		return false, nil
	}
	if ours, err := url.Parse(drainURL); err == nil && ours.User.String() == theirs.User.String() {
		return true, nil
	}
	here, err := c.ourURL(app)
	if err != nil {
		return false, err
	}
	u, err := url.Parse(here)
	if err != nil {
		return false, err
	}
	u.User = theirs.User
	return c.accepted(ctx, u.String())
}

// Unsubscribe removes some of our drains from an app at Heroku. If it fails, the drain that failed and those after it still exist.
func (c *Connector) Unsubscribe(ctx context.Context, app string, ours []heroku.Drain) error {
	for i, d := range ours {
		c.step("Removing the log drain from %s at Heroku…", app)
		if err := c.removeDrain(ctx, app, d.ID); err != nil {
			if len(ours) > 1 {
				err = fmt.Errorf("%d of %d log drains were removed: %w", i, len(ours), err)
			}
			return deadline.CauseOr(ctx, err)
		}
	}
	return nil
}
