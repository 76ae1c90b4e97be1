// Package rotation changes the key that drain passwords are made with, and moves every app at Heroku to its new drain URL. Both the current
// and the previous key are good, so no line is refused on the way.
//
// Nothing records how far a rotation came: what Heroku sends to tells it. A rotation that was ended at any point is finished by the next.
package rotation

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// Rotator rotates. It is safe for concurrent use.
type Rotator struct {
	Connector *connect.Connector // with Heroku
	Secrets   Secrets
	Secret    string // the signing key's name or ARN
	Width     int    // apps at a time
}

// State is which password Heroku sends an app's lines with.
type State string

// The states of an app.
const (
	Current State = "current" // the current key's, and no other
	Behind  State = "behind"  // another one, or another one as well: there is a new drain URL to move to
	Absent  State = "absent"  // none: Heroku does not send to the drain, so there is nothing to move
	Unknown State = "unknown" // App.Err says why
)

// App is one app of a rotation.
type App struct {
	Name  string
	State State
	Err   error // why the app could not be looked at, or not be moved; it holds no password

	url string // the drain URL when the app was looked at; empty: not known
}

// Survey is how all apps are doing.
type Survey struct {
	Apps []App // by name
	key  key
}

// Any tells whether there is an app in a state.
func (s Survey) Any(state State) bool {
	return slices.ContainsFunc(s.Apps, func(a App) bool { return a.State == state })
}

// Rotated tells whether there has been a rotation: only then is there a previous key that an app may still use.
func (s Survey) Rotated() bool { return s.key.previous != "" }

// Survey looks at every drain, or at that of one app only. It changes nothing.
func (r *Rotator) Survey(ctx context.Context, only string) (Survey, error) {
	k, err := r.describe(ctx)
	if err != nil {
		return Survey{}, err
	}
	names, err := r.names(ctx, only)
	if err != nil {
		return Survey{}, err
	}
	s := Survey{Apps: make([]App, len(names)), key: k}
	var looks errgroup.Group
	looks.SetLimit(r.Width)
	for i, name := range names {
		looks.Go(func() error {
			if ctx.Err() == nil {
				s.Apps[i] = r.look(ctx, name)
			}
			return nil
		})
	}
	_ = looks.Wait() // an app that cannot be looked at has its error in App.Err
	if ctx.Err() != nil {
		return Survey{}, context.Cause(ctx)
	}
	slices.SortFunc(s.Apps, func(a, b App) int { return cmp.Compare(a.Name, b.Name) })
	return s, nil
}

func (r *Rotator) names(ctx context.Context, only string) ([]string, error) {
	if only != "" {
		return []string{only}, nil
	}
	drains, err := r.Connector.API.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the drains: %w", err)
	}
	var names []string
	for _, d := range drains {
		names = append(names, d.App)
	}
	return names, nil
}

// look tells an app's state. The key is not read for it: the API's answer to PUT has the current password, and changes nothing of a drain
// that is whole.
func (r *Rotator) look(ctx context.Context, name string) App {
	app := App{Name: name, State: Unknown}
	conn, err := r.Connector.Find(ctx, name)
	switch {
	case err != nil:
		app.Err = err
		return app
	case conn.Heroku.State == connect.NoApp && (conn.Queue != nil || conn.EventSource != nil):
		app.Err = fmt.Errorf("%w; if the app is gone, `delete -a %s` removes its drain", heroku.ErrNotFound, name)
		return app
	case len(conn.Heroku.Ours) == 0:
		app.State = Absent
		return app
	}
	if app.Err = whole(conn.Drain); app.Err != nil {
		return app
	}
	d, _, err := r.Connector.PutAWS(ctx, name, drain.Patch{})
	if err != nil {
		app.Err = err
		return app
	}
	app.url = d.DrainURL
	m, err := heroku.Match(conn.Heroku.Ours, d.DrainURL)
	switch {
	case err != nil:
		app.Err = err
	case m.Present != nil && len(m.Stale) == 0:
		app.State = Current
	default:
		app.State = Behind
	}
	return app
}

// whole is what to do first about a drain that PUT would change.
func whole(d drain.Drain) error {
	switch d.State {
	case drain.None, drain.Partial, drain.Disabled, drain.Deleting:
		return fmt.Errorf("the state of its drain is %q: `put -a %s` mends it, `delete -a %s` removes it", d.State, d.App, d.App)
	}
	return nil
}
