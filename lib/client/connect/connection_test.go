package connect_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
)

// halves are the ways in which there can be something of an app on both sides, and what Get has to tell of it.
var halves = map[string]struct {
	prepare func(w *world, app string)
	state   drain.State
	heroku  connect.SubscriptionState
	ours    int
}{
	"whole":         {func(w *world, app string) { w.put(app) }, drain.Active, connect.Present, 1},
	"aws-only":      {(*world).awsOnly, drain.Active, connect.Missing, 0},
	"heroku-only":   {(*world).stale, drain.None, connect.Stale, 1},
	"old-password":  {func(w *world, app string) { w.awsOnly(app); w.stale(app) }, drain.Active, connect.Stale, 1},
	"both":          {func(w *world, app string) { w.put(app); w.stale(app) }, drain.Active, connect.Present, 2},
	"the-old-first": {func(w *world, app string) { w.stale(app); w.goodToo(app) }, drain.Active, connect.Present, 2},
	"logs-only":     {(*world).stream, drain.Partial, connect.Missing, 0},
}

func TestGetTellsTheStateOfBothSides(t *testing.T) {
	w := newWorld(t)
	for app, tt := range halves {
		w.app(app)
		tt.prepare(w, app)
		conn, err := w.Inspect(t.Context(), app)
		must(t, err)
		if conn.App != app || conn.State != tt.state || conn.Heroku.State != tt.heroku || len(conn.Heroku.Ours) != tt.ours ||
			conn.Heroku.Others != 2 {
			t.Errorf("%s: %s on AWS, %s at Heroku with %d of ours and %d others; want %s, %s, %d and 2", conn.App,
				conn.State, conn.Heroku.State, len(conn.Heroku.Ours), conn.Heroku.Others, tt.state, tt.heroku, tt.ours)
		}
		if tt.heroku == connect.Present {
			d, _, err := w.API.Put(t.Context(), app, drain.Patch{})
			must(t, err)
			if conn.Heroku.Ours[0].URL != d.DrainURL {
				t.Errorf("%s: the first drain is not the good one", app)
			}
		}
	}
}

func TestGetOfNothing(t *testing.T) {
	w := newWorld(t)
	for _, app := range []string{w.app("shop"), "unknown-to-heroku"} {
		if conn, err := w.Inspect(t.Context(), app); !connect.IsNotFound(err) {
			t.Errorf("%s: %+v, %v", app, conn, err)
		}
	}
}

func TestAPasswordThatCannotBeTried(t *testing.T) {
	w := newWorld(t)
	app := w.app("shop")
	w.put(app)
	for name, fault := range map[string]awslocal.Fault{
		"a 5xx": {Status: http.StatusServiceUnavailable}, "no answer": {Drop: awslocal.DropBefore}, "a firewall": {Status: http.StatusForbidden},
	} {
		fault.Service, fault.Operation = "execute-api", "POST /drains/shop"
		remove := w.system.AWS.Inject(fault)
		conn, err := w.Inspect(t.Context(), app)
		remove()
		if err != nil || conn.Heroku.State != connect.Unknown || conn.Heroku.Err == nil || len(conn.Heroku.Ours) != 1 {
			t.Errorf("%s: %+v, %v", name, conn.Heroku, err)
		}
	}
}

func TestLookingSendsNoLines(t *testing.T) {
	w := newWorld(t)
	app := w.app("shop")
	_, err := w.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
	must(t, err)
	w.system.AWS.OnCall(func(c awslocal.Call) {
		switch c.Operation {
		case "SendMessage", "SendMessageBatch", "CreateQueue", "CreateLogStream", "CreateEventSourceMapping":
			t.Errorf("looking makes a call of %s", c.Operation)
		}
	})
	_, err = w.Inspect(t.Context(), app)
	must(t, err)
	_, err = w.List(t.Context(), []heroku.App{{Name: app}})
	must(t, err)
}

func TestHalvesAreMadeWholeByPut(t *testing.T) {
	w := newWorld(t)
	for app, tt := range halves {
		w.app(app)
		tt.prepare(w, app)
		w.put(app)
		w.wantWhole(app)
	}
}

func TestHalvesAreRemovedByDelete(t *testing.T) {
	w := newWorld(t)
	for app, tt := range halves {
		w.app(app)
		tt.prepare(w, app)
		w.delete(app, connect.DeleteOptions{})
		w.wantNone(app)
	}
}

func TestListHasTheOrphansOfBothSides(t *testing.T) {
	w := newWorld(t)
	apps := []heroku.App{{Name: "nothing", Generation: "cedar"}, {Name: "fir", Generation: "fir"}, {Name: "denied"}}
	w.app("nothing")
	w.heroku.AddApp(herokufake.App{Name: "fir", Generation: "fir"})
	w.heroku.AddApp(herokufake.App{Name: "denied", Denied: true})
	want := map[string][2]string{"gone-app": {"active", "no app"}}
	w.awsOnly("gone-app")
	for app, tt := range halves {
		w.app(app)
		tt.prepare(w, app)
		apps = append(apps, heroku.App{Name: app})
		want[app] = [2]string{string(tt.state), string(tt.heroku)}
	}
	found, err := w.List(t.Context(), apps)
	must(t, err)
	got := map[string][2]string{}
	for i, conn := range found {
		got[conn.App] = [2]string{string(conn.State), string(conn.Heroku.State)}
		if i > 0 && found[i-1].App >= conn.App {
			t.Errorf("%s comes after %s", conn.App, found[i-1].App)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	for _, r := range w.heroku.Requests() {
		if r.Path == "/apps/fir/log-drains" {
			t.Error("an app that cannot have log drains is asked for them")
		}
	}
}

func TestListWithoutHeroku(t *testing.T) {
	w := newWorld(t)
	w.awsOnly("shop")
	w.Heroku = nil
	found, err := w.List(t.Context(), nil)
	if err != nil || len(found) != 1 || found[0].App != "shop" || found[0].Heroku != nil {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestListTellsWhatHerokuDoesNot(t *testing.T) {
	w := newWorld(t)
	for _, app := range []string{"blog", "shop"} {
		w.put(w.app(app))
	}
	w.app("other")
	w.heroku.Inject(herokufake.Fault{Route: "GET /apps/shop/log-drains", Status: http.StatusForbidden, ID: "forbidden"})
	w.heroku.Inject(herokufake.Fault{Route: "GET /apps/other/log-drains", Status: http.StatusForbidden, ID: "forbidden"})
	found, err := w.List(t.Context(), []heroku.App{{Name: "blog"}, {Name: "shop"}, {Name: "other"}})
	must(t, err)
	if len(found) != 2 || found[0].Heroku.State != connect.Present || found[1].Heroku.State != connect.Unknown || found[1].Heroku.Err == nil {
		t.Errorf("%+v", found)
	}
}
