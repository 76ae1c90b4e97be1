package connect_test

import (
	"strings"
	"testing"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// otherHost returns a URL of the API under another name of its host, as a domain of the user's own would be.
func otherHost(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

// connectElsewhere connects an app under the other name.
func (f *fixture) connectElsewhere(app string) (drainURL string) {
	f.t.Helper()
	f.createAWSSide(app)
	d, _, err := f.PutAWS(f.t.Context(), app, drain.Patch{})
	localtest.Must(f.t, err)
	f.HerokuFake.AddDrain(app, herokufake.Drain{URL: otherHost(d.DrainURL)})
	return otherHost(d.DrainURL)
}

// A log drain under another host name is ours if its password is valid.
func TestDrainsUnderAnotherHostNameAreOurs(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	url := f.connectElsewhere(app)

	conn, err := f.Inspect(t.Context(), app)
	localtest.Must(t, err)
	if conn.Heroku.State != connect.Present || len(conn.Heroku.Ours) != 1 || conn.Heroku.Others != 2 {
		t.Errorf("Inspect: %+v", conn.Heroku)
	}
	made := f.put(app)
	if ours := f.OurDrains(app); len(ours) != 1 || ours[0].URL != url || made.Heroku.Others != 2 {
		t.Errorf("after Put, %d drains are ours, and %d others'", len(ours), made.Heroku.Others)
	}
	list, err := f.List(t.Context(), []heroku.App{{Name: app}})
	if err != nil || len(list) != 1 || list[0].Heroku.State != connect.Present {
		t.Errorf("List: %+v, %v", list, err)
	}
	f.delete(app, connect.DeleteOptions{})
	f.CheckGone(app)
}

// What only looks like ours may be another stack's: it stays.
func TestDrainsOfOtherStacksStay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	made := f.put(app)
	other := otherHost(strings.Replace(made.DrainURL, "shop:", "shop:not-", 1))
	f.HerokuFake.AddDrain(app, herokufake.Drain{URL: other})
	conn, err := f.Inspect(t.Context(), app)
	localtest.Must(t, err)
	if conn.Heroku.State != connect.Present || len(conn.Heroku.Ours) != 1 || conn.Heroku.Others != 3 {
		t.Errorf("Inspect: %+v", conn.Heroku)
	}
	f.put(app)
	f.delete(app, connect.DeleteOptions{})
	if left := f.OurDrains(app); len(left) != 1 || left[0].URL != other {
		t.Errorf("%d drains are left", len(left))
	}
}

// Both names lead to the same drain, so lines would be stored twice.
func TestPutRemovesADuplicateUnderAnotherHostName(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.put(app)
	f.connectElsewhere(app)
	f.put(app)
	f.CheckConnected(app)
}
