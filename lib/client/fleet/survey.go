package fleet

import (
	"context"
	"errors"
	"maps"
	"sync"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// maxParallel is the number of apps that are processed at the same time. Most of the time is spent waiting for an app's event source mapping,
// up to a minute.
const maxParallel = 8

// Account lists the apps of a Heroku account. *heroku.Client implements it.
type Account interface {
	App(ctx context.Context, name string) (heroku.App, error)
	Apps(ctx context.Context) ([]heroku.App, error)
	TeamApps(ctx context.Context, team string) ([]heroku.App, error)
}

// Survey collects the drains that a file wants, and both sides of the existing ones. If account is nil, it skips Heroku; the file must then
// have no Team.
func Survey(ctx context.Context, c *connect.Connector, account Account, file File) (Fleet, error) {
	f := Fleet{Wanted: maps.Clone(file.Apps), Excluded: file.Excluded}
	var apps []heroku.App
	if account != nil {
		var err error
		if apps, err = account.Apps(ctx); err != nil {
			return Fleet{}, err
		}
	}
	if file.Team != "" {
		team, err := account.TeamApps(ctx, file.Team)
		if err != nil {
			return Fleet{}, err
		}
		for _, app := range team {
			if _, named := f.Wanted[app.Name]; !named {
				f.Wanted[app.Name] = file.Defaults
			}
		}
	}
	connections, err := c.List(ctx, apps, drain.IncludeSettings)
	if err != nil {
		return Fleet{}, err
	}
	for _, conn := range connections {
		if conn.State != drain.None {
			f.Drains = append(f.Drains, conn.Drain)
		}
	}
	if account != nil {
		f.Heroku, err = f.herokuApps(ctx, account, apps, connections)
	}
	return f, err
}

// herokuApps returns what Heroku knows about every app. Wanted apps that are not among the account's apps are looked up one by one.
func (f Fleet) herokuApps(ctx context.Context, account Account, apps []heroku.App, connections []connect.Connection) (
	map[string]HerokuApp, error) {
	known := map[string]HerokuApp{}
	for _, conn := range connections {
		known[conn.App] = HerokuApp{
			Exists: conn.Heroku.State != connect.NoApp, Drains: len(conn.Heroku.Ours),
			Rejected: conn.Heroku.State == connect.Stale, Err: conn.Heroku.Err,
		}
	}
	listed := map[string]heroku.App{} // includes the generation, which a team's list omits
	for _, app := range apps {
		listed[app.Name] = app
	}
	var unlisted []string
	for name := range f.Wanted {
		if f.Excluded(name) {
			continue
		}
		h, isKnown := known[name]
		app, isListed := listed[name]
		switch {
		case isListed:
			h.Exists, h.Fir = true, app.CheckLogDrains() != nil
			known[name] = h
		case !isKnown || h.Exists:
			unlisted = append(unlisted, name)
		}
	}
	var mu sync.Mutex
	var lookups errgroup.Group
	lookups.SetLimit(maxParallel)
	for _, name := range unlisted {
		lookups.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			app, err := account.App(ctx, name)
			mu.Lock()
			defer mu.Unlock()
			h := known[name]
			h.Exists, h.Fir = err == nil, app.CheckLogDrains() != nil
			if err != nil && !errors.Is(err, heroku.ErrNotFound) {
				h.Err = err
			}
			known[name] = h
			return context.Cause(ctx)
		})
	}
	return known, lookups.Wait()
}
