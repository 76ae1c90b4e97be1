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
	Token     string // the Logplex-Drain-Token of its requests: d.<uuid>
	URL       string // contains the password: pass it to MaskURL before showing it
	AddOn     string // the add-on that it belongs to; empty if a person added it
	CreatedAt time.Time
}

// Drains returns the log drains of an app, including those of add-ons.
func (c *Client) Drains(ctx context.Context, app string) ([]Drain, error) {
	found, err := list[platform.LogDrain](ctx, c, drainsPath(app))
	if err != nil {
		return nil, fmt.Errorf("list the log drains of %s: %w", app, err)
	}
	return newDrains(found), nil
}

// AddDrain adds a log drain with the app's drain URL at our API. It fails with ErrDrainExists if the app already has a drain with this URL,
// and with ErrDrainLimit if the app has as many drains as Heroku allows. If a response was lost, the drain may still have been added: AddDrain
// looks for it before it tries again.
func (c *Client) AddDrain(ctx context.Context, app, drainURL string) (Drain, error) {
	ours, err := parseDrainURL(drainURL)
	if err != nil {
		return Drain{}, fmt.Errorf("add a log drain to %s: %w", app, err)
	}
	var added *Drain
	uncertain := false // whether an earlier try may have added the drain
	err = c.retry(ctx, func(ctx context.Context) (err error) {
		if uncertain {
			if added, err = c.find(ctx, app, ours); err != nil || added != nil {
				return err
			}
		}
		made, err := c.calls.logDrainCreate(ctx, url.PathEscape(app), platform.LogDrainCreateOpts{URL: drainURL})
		if err == nil {
			added = newDrain(made)
			return nil
		}
		if uncertain && errors.Is(err, ErrDrainExists) { // an earlier request arrived after the drains were listed
			if added, _ = c.find(ctx, app, ours); added != nil {
				return nil
			}
		}
		uncertain = uncertain || errors.Is(err, ErrUnavailable)
		return err
	})
	if err != nil {
		return Drain{}, fmt.Errorf("add a log drain to %s: %w", app, err)
	}
	return *added, nil
}

// find returns the app's drain that delivers to a URL, or nil if there is none. An app's drains always fit on one page.
func (c *Client) find(ctx context.Context, app string, ours *url.URL) (*Drain, error) {
	page, _, err := readPage[platform.LogDrain](ctx, c, drainsPath(app), "")
	if err != nil {
		return nil, err
	}
	return match(newDrains(page), ours).Present, nil
}

// RemoveDrain removes a drain of an app. It succeeds if there is no drain with this id. The drain of an add-on can only be removed with the
// add-on.
func (c *Client) RemoveDrain(ctx context.Context, app, id string) error {
	err := c.retry(ctx, func(ctx context.Context) error {
		_, err := c.calls.logDrainDelete(ctx, url.PathEscape(app), url.PathEscape(id))
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
