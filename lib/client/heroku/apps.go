package heroku

import (
	"context"
	"fmt"
	"net/url"

	platform "github.com/heroku/heroku-go/v6"
)

// App is a Heroku app.
type App struct {
	Name       string
	Team       string // empty if an account owns it
	Space      string // the Private Space it runs in; empty if none
	Generation string // of the platform: cedar or fir; empty if unknown
}

// CheckLogDrains returns ErrNoLogDrains if the app cannot have log drains.
func (a App) CheckLogDrains() error {
	if a.Generation == "fir" {
		return ErrNoLogDrains
	}
	return nil
}

// App returns the app with the given name.
func (c *Client) App(ctx context.Context, name string) (App, error) {
	var found *platform.App
	err := c.retry(ctx, func(ctx context.Context) (err error) {
		found, err = c.calls.appInfo(ctx, url.PathEscape(name))
		return err
	})
	if err != nil {
		return App{}, fmt.Errorf("look up the app %s: %w", name, err)
	}
	return newApp(found), nil
}

// Apps returns the apps that the account owns or collaborates on.
func (c *Client) Apps(ctx context.Context) ([]App, error) {
	apps, err := c.apps(ctx, "/apps")
	if err != nil {
		return nil, fmt.Errorf("list the apps: %w", err)
	}
	return apps, nil
}

// TeamApps returns the apps of a team. Unless the account is an admin of the team, it may have no access to some of them.
func (c *Client) TeamApps(ctx context.Context, team string) ([]App, error) {
	apps, err := c.apps(ctx, "/teams/"+url.PathEscape(team)+"/apps")
	if err != nil {
		return nil, fmt.Errorf("list the apps of the team %s: %w", team, err)
	}
	return apps, nil
}

// apps lists apps. It also decodes team apps as platform.App, because heroku-go's type for them has no generation.
func (c *Client) apps(ctx context.Context, path string) ([]App, error) {
	found, err := list[platform.App](ctx, c, path)
	if err != nil {
		return nil, err
	}
	apps := make([]App, len(found))
	for i, a := range found {
		apps[i] = newApp(&a)
	}
	return apps, nil
}

func newApp(a *platform.App) App {
	app := App{Name: a.Name, Generation: a.Generation.Name}
	if a.Team != nil {
		app.Team = a.Team.Name
	}
	if a.Space != nil {
		app.Space = a.Space.Name
	}
	return app
}
