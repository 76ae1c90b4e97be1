package clienttest

import (
	"slices"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// OurDrains returns the app's log drains at Heroku without those of AddApp, and checks that these are unchanged.
func (f *Fixture) OurDrains(app string) []herokufake.Drain {
	f.t.Helper()
	var ours []herokufake.Drain
	unchanged := 0
	for _, d := range f.HerokuFake.Drains(app) {
		if slices.Contains(f.others[app], d) {
			unchanged++
		} else {
			ours = append(ours, d)
		}
	}
	if want := len(f.others[app]); unchanged != want {
		f.t.Errorf("%s has %d unchanged log drains to other destinations, want %d", app, unchanged, want)
	}
	return ours
}

// CheckConnected checks that the app has all parts of a drain on AWS, and exactly one log drain at Heroku, to the drain's current URL.
func (f *Fixture) CheckConnected(app string) {
	f.t.Helper()
	d, _, err := f.API.Put(f.t.Context(), app, drain.Patch{})
	localtest.Must(f.t, err)
	if d.State != drain.Active || d.LogStream == "" || d.Queue == nil || d.EventSource == nil {
		f.t.Errorf("the AWS side of %s is incomplete: %s, without %v", app, d.State, d.Missing())
	}
	if ours := f.OurDrains(app); len(ours) != 1 || ours[0].URL != d.DrainURL {
		f.t.Errorf("%s has %d log drains of ours at Heroku, want one with the current URL", app, len(ours))
	}
}

// CheckGone checks that everything the app has on AWS is being deleted, and that it has no log drain of ours at Heroku.
func (f *Fixture) CheckGone(app string) {
	f.t.Helper()
	d, err := f.API.Get(f.t.Context(), app)
	if !connect.IsNotFound(err) && d.State != drain.Deleting {
		f.t.Errorf("%s still has an AWS side: %s, %v", app, d.State, err)
	}
	if ours := f.OurDrains(app); len(ours) > 0 {
		f.t.Errorf("%s has %d log drains of ours at Heroku, want none", app, len(ours))
	}
}
