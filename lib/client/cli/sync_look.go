package cli

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/drain"
)

// fleet is what there is of the apps that a file wants, and of others' drains.
func surveyFleet(ctx context.Context, b *installation.Sides, file fleet.File) (fleet.Fleet, error) {
	found := fleet.Fleet{Wanted: maps.Clone(file.Apps), Excluded: file.Excluded}
	var apps map[string]heroku.App
	if b.Account != nil {
		var err error
		if apps, err = accountApps(ctx, b); err != nil {
			return found, err
		}
	}
	if file.Team != "" {
		team, err := b.Account.TeamApps(ctx, file.Team)
		if err != nil {
			return found, err
		}
		for _, app := range team {
			if _, named := found.Wanted[app.Name]; !named {
				found.Wanted[app.Name] = file.Defaults
			}
		}
	}
	connections, err := b.List(ctx, slices.Collect(maps.Values(apps)))
	if err != nil {
		return found, err
	}
	for _, conn := range connections {
		if conn.State != drain.None {
			found.Drains = append(found.Drains, conn.Drain)
		}
	}
	if b.Account != nil {
		found.Heroku, err = atHeroku(ctx, b, found, apps, connections)
	}
	return found, err
}

// apps are the account's apps by their names, with the generation that a team's list leaves out.
func accountApps(ctx context.Context, b *installation.Sides) (map[string]heroku.App, error) {
	all, err := b.Account.Apps(ctx)
	if err != nil {
		return nil, err
	}
	apps := map[string]heroku.App{}
	for _, app := range all {
		apps[app.Name] = app
	}
	return apps, nil
}

// atHeroku is what is known of every app at Heroku. Apps that the account's list does not have are asked for one by one.
func atHeroku(ctx context.Context, b *installation.Sides, f fleet.Fleet, apps map[string]heroku.App, connections []connect.Connection) (
	map[string]fleet.Heroku, error) {
	known := map[string]fleet.Heroku{}
	for _, conn := range connections {
		h := fleet.Heroku{
			Known: conn.Heroku.State != connect.NoApp, Ours: len(conn.Heroku.Ours), Refused: conn.Heroku.State == connect.Stale, Err: conn.Heroku.Err,
		}
		known[conn.App] = h
	}
	var unlisted []string
	for name := range f.Wanted {
		if f.Excluded(name) {
			continue
		}
		app, listed := apps[name]
		h, met := known[name]
		switch {
		case listed:
			h.Known, h.Fir = true, errors.Is(app.CheckLogDrains(), heroku.ErrNoLogDrains)
			known[name] = h
		case !met || h.Known:
			unlisted = append(unlisted, name)
		}
	}
	var mu sync.Mutex
	fleet.Each(ctx, fleetWidth, unlisted, func(name string) {
		app, err := b.Account.App(ctx, name)
		mu.Lock()
		defer mu.Unlock()
		h := known[name]
		h.Known, h.Fir = err == nil, errors.Is(app.CheckLogDrains(), heroku.ErrNoLogDrains)
		if err != nil && !errors.Is(err, heroku.ErrNotFound) {
			h.Err = err
		}
		known[name] = h
	})
	return known, context.Cause(ctx)
}
