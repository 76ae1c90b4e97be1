package rotation

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// State says which key the password at Heroku was derived from.
type State string

// The states of an app.
const (
	Current State = "current" // the current key only
	Behind  State = "behind"  // also, or only, another key: the app has to move
	Absent  State = "absent"  // no key: Heroku does not send to the drain, so there is nothing to move
	Unknown State = "unknown" // App.Err says why
)

// App is one app of a rotation.
type App struct {
	Name  string
	State State
	Err   error // why the state is not known, the app could not be moved, or its test line was not found
}

// left reports whether the app may still have to move to the current key.
func (a App) left() bool { return a.State == Behind || a.State == Unknown }

// connected reports whether Heroku sends to the app's drain, as far as is known.
func (a App) connected() bool { return a.State != Absent }

// inspected is an app with what was found on both sides. If its state is not known, the other fields are zero.
type inspected struct {
	App
	drain drain.Drain    // with its DrainURL, which holds the current key's password
	ours  heroku.Matches // the app's log drains, by whether they have that password
}

// survey is the state of the key and the apps.
type survey struct {
	apps []inspected // by name
	key  key
}

// any reports whether an app has a state.
func (s survey) any(state State) bool {
	return slices.ContainsFunc(s.apps, func(a inspected) bool { return a.State == state })
}

// survey determines the state of all apps that have a drain, or of only one app. It changes nothing.
func (r *Rotator) survey(ctx context.Context, only string, p Progress) (survey, error) {
	k, err := r.describeKey(ctx, p)
	if err != nil {
		return survey{}, err
	}
	names, err := r.names(ctx, only)
	if err != nil {
		return survey{}, err
	}
	s := survey{apps: make([]inspected, len(names)), key: k}
	p.Tally("Checking the apps at Heroku", len(names), r.leastSurvey)
	err = r.each(ctx, len(names), func(i int) {
		s.apps[i] = r.inspect(ctx, names[i])
		p.Tick()
	})
	if err != nil {
		return survey{}, err
	}
	slices.SortStableFunc(s.apps, func(a, b inspected) int { return cmp.Compare(a.Name, b.Name) })
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

// inspect returns an app with its state. It does not read the key: the API's response to PUT has the current password, and PUT does not change
// a drain that is complete.
func (r *Rotator) inspect(ctx context.Context, name string) inspected {
	app := inspected{App: App{Name: name, State: Unknown}}
	conn, err := r.Connector.Find(ctx, name)
	switch {
	case err != nil:
		app.Err = err
		return app
	case conn.Heroku.State == connect.NoApp && (conn.Queue != nil || conn.EventSource != nil):
		app.Err = fmt.Errorf("%w; if it does not exist, delete its drain: %s", heroku.ErrNotFound, r.Connector.DeleteCommand(name, connect.DeleteOptions{}))
		return app
	case len(conn.Heroku.Ours) == 0:
		app.State = Absent
		return app
	}
	if app.Err = r.complete(conn.Drain); app.Err != nil {
		return app
	}
	d, _, err := r.Connector.PutAWS(ctx, name, drain.Patch{})
	if err != nil {
		app.Err = err
		return app
	}
	m, err := heroku.Match(conn.Heroku.Ours, d.DrainURL)
	for _, elsewhere := range m.Others { // ours as well, under another host name
		if err == nil {
			err = m.Claim(elsewhere, d.DrainURL)
		}
	}
	app.drain, app.ours = d, m
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

// complete returns an error that says what to do if PUT would change the drain.
func (r *Rotator) complete(d drain.Drain) error {
	switch d.State {
	case drain.None, drain.Partial, drain.Disabled, drain.Deleting:
		return fmt.Errorf("the drain's state is %s; to repair the drain, run %s; to remove it, %s",
			d.State, r.Connector.PutCommand(d.App), r.Connector.DeleteCommand(d.App, connect.DeleteOptions{}))
	}
	return nil
}
