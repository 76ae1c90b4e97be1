package clienttest

import (
	"slices"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

// OurDrains returns the app's log drains at Heroku without those of AddApp, and checks that these are unchanged.
func (e *Env) OurDrains(app string) []herokufake.Drain {
	e.t.Helper()
	var ours []herokufake.Drain
	unchanged := 0
	for _, d := range e.HerokuFake.Drains(app) {
		if slices.Contains(e.others[app], d) {
			unchanged++
		} else {
			ours = append(ours, d)
		}
	}
	if want := len(e.others[app]); unchanged != want {
		e.t.Errorf("%s has %d unchanged log drains to other destinations, want %d", app, unchanged, want)
	}
	return ours
}

// CheckConnected checks that the app has all parts of a drain on AWS, and exactly one log drain at Heroku, to the drain's current URL.
func (e *Env) CheckConnected(app string) {
	e.t.Helper()
	d, _, err := e.API.Put(e.t.Context(), app, drain.Patch{})
	localtest.Must(e.t, err)
	if d.State != drain.Active || d.LogStream == "" || d.Queue == nil || d.EventSource == nil {
		e.t.Errorf("the AWS side of %s is incomplete: %s, without %v", app, d.State, d.Missing())
	}
	if ours := e.OurDrains(app); len(ours) != 1 || ours[0].URL != d.DrainURL {
		e.t.Errorf("%s has %d log drains of ours at Heroku, want one with the current URL", app, len(ours))
	}
}

// CheckGone checks that the app has nothing on AWS that is not being deleted, and no log drain of ours at Heroku.
func (e *Env) CheckGone(app string) {
	e.t.Helper()
	d, err := e.API.Get(e.t.Context(), app)
	if !connect.IsNotFound(err) && d.State != drain.Deleting {
		e.t.Errorf("%s still has an AWS side: %s, %v", app, d.State, err)
	}
	if ours := e.OurDrains(app); len(ours) > 0 {
		e.t.Errorf("%s has %d log drains of ours at Heroku, want none", app, len(ours))
	}
}
