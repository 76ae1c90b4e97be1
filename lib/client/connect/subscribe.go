package connect

import (
	"context"
	"errors"
	"fmt"

	"heroku-drains/lib/client/heroku"
)

// Subscribe makes Heroku send an app's lines to a drain URL, unless it does so already, and answers which drains are ours: the one that is
// Present, and the Stale, which Unsubscribe is to remove once the new one is known to work. Until then lines come twice.
func (c *Connector) Subscribe(ctx context.Context, app, drainURL string) (heroku.Matches, error) {
	m, err := c.matches(ctx, app, drainURL)
	if err != nil || m.Present != nil {
		return m, err
	}
	c.step("Adding the log drain to %s at Heroku…", app)
	added, err := c.addDrain(ctx, app, drainURL)
	switch {
	case errors.Is(err, heroku.ErrDrainLimit) && len(m.Stale) > 0:
		// Room has to be made first: by a drain that is to go anyway.
		if err := c.removeDrain(ctx, app, m.Stale[0].ID); err != nil {
			return m, err
		}
		m.Stale = m.Stale[1:]
		added, err = c.addDrain(ctx, app, drainURL)
	case errors.Is(err, heroku.ErrDrainExists): // another Put was quicker
		if again, lost := c.matches(ctx, app, drainURL); lost == nil && again.Present != nil {
			return again, nil
		}
	}
	if err == nil {
		m.Present = &added
	}
	return m, err
}

func (c *Connector) addDrain(ctx context.Context, app, drainURL string) (added heroku.Drain, err error) {
	err = c.unhurried(ctx, func(ctx context.Context) (err error) {
		added, err = c.Heroku.AddDrain(ctx, app, drainURL)
		return err
	})
	return added, err
}

func (c *Connector) removeDrain(ctx context.Context, app, id string) error {
	return c.unhurried(ctx, func(ctx context.Context) error { return c.Heroku.RemoveDrain(ctx, app, id) })
}

// matches says which of an app's drains deliver to a drain URL, or used to.
func (c *Connector) matches(ctx context.Context, app, drainURL string) (heroku.Matches, error) {
	found, err := c.Heroku.Drains(ctx, app)
	if err != nil {
		return heroku.Matches{}, err
	}
	return heroku.Match(found, drainURL)
}

// Unsubscribe removes drains of ours from an app at Heroku. When it fails, those that it did not come to are there still.
func (c *Connector) Unsubscribe(ctx context.Context, app string, ours []heroku.Drain) error {
	for i, d := range ours {
		c.step("Removing the log drain from %s at Heroku…", app)
		if err := c.removeDrain(ctx, app, d.ID); err != nil {
			if len(ours) > 1 {
				err = fmt.Errorf("%d of %d log drains are removed: %w", i, len(ours), err)
			}
			return because(ctx, err)
		}
	}
	return nil
}
