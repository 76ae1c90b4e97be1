package heroku

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	platform "github.com/heroku/heroku-go/v6"
)

// Drain is a log drain of an app.
type Drain struct {
	ID        string
	Token     string // what Logplex-Drain-Token says in its requests: d.<uuid>
	URL       string // with its password: show MaskURL of it
	AddOn     string // the add-on whose drain it is; empty: somebody added it
	CreatedAt time.Time
}

// Drains are an app's log drains, those of add-ons included.
func (c *Client) Drains(ctx context.Context, app string) ([]Drain, error) {
	found, err := list[platform.LogDrain](ctx, c, drainsPath(app))
	if err != nil {
		return nil, fmt.Errorf("list the log drains of %s: %w", app, err)
	}
	return newDrains(found), nil
}

// AddDrain makes an app send its log to the app's drain URL at our API. A drain with this URL being there is ErrDrainExists, as many as
// Heroku allows ErrDrainLimit. An answer that got lost may have been a yes: before asking again, AddDrain looks whether the drain is there.
func (c *Client) AddDrain(ctx context.Context, app, drainURL string) (Drain, error) {
	ours, err := parseDrainURL(drainURL)
	if err != nil {
		return Drain{}, fmt.Errorf("add a log drain to %s: %w", app, err)
	}
	var added *Drain
	unclear := false
	err = c.retry(ctx, func(ctx context.Context) (err error) {
		if unclear {
			if added, err = c.find(ctx, app, ours); err != nil || added != nil {
				return err
			}
		}
		made, err := c.service.LogDrainCreate(ctx, url.PathEscape(app), platform.LogDrainCreateOpts{URL: drainURL})
		if err == nil {
			added = newDrain(made)
			return nil
		}
		if unclear && errors.Is(err, ErrDrainExists) { // an earlier request was slower than the look
			if added, _ = c.find(ctx, app, ours); added != nil {
				return nil
			}
		}
		unclear = unclear || errors.Is(err, ErrUnavailable)
		return err
	})
	if err != nil {
		return Drain{}, fmt.Errorf("add a log drain to %s: %w", app, err)
	}
	return *added, nil
}

// find is the drain that delivers to a URL; nil: the app has none. An app has no more drains than fit a page.
func (c *Client) find(ctx context.Context, app string, ours *url.URL) (*Drain, error) {
	page, _, err := readPage[platform.LogDrain](ctx, c, drainsPath(app), "")
	if err != nil {
		return nil, err
	}
	return match(newDrains(page), ours).Present, nil
}

// RemoveDrain removes an app's drain. That there is none with this id is as good. An add-on's drain goes with its add-on only.
func (c *Client) RemoveDrain(ctx context.Context, app, id string) error {
	err := c.retry(ctx, func(ctx context.Context) error {
		_, err := c.service.LogDrainDelete(ctx, url.PathEscape(app), url.PathEscape(id))
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("remove the log drain %s of %s: %w", id, app, err)
	}
	return nil
}

func drainsPath(app string) string { return "/apps/" + url.PathEscape(app) + "/log-drains" }

func newDrains(found []platform.LogDrain) []Drain {
	drains := make([]Drain, len(found))
	for i, d := range found {
		drains[i] = *newDrain(&d)
	}
	return drains
}

func newDrain(d *platform.LogDrain) *Drain {
	drain := &Drain{ID: d.ID, Token: d.Token, URL: d.URL, CreatedAt: d.CreatedAt}
	if d.Addon != nil {
		drain.AddOn = d.Addon.Name
	}
	return drain
}
