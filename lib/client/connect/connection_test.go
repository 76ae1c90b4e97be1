package connect_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// connections are the states that an app can be in, and what Inspect says of each.
var connections = map[string]struct {
	prepare func(f *fixture, app string)
	state   drain.State
	heroku  connect.SubscriptionState
	ours    int
}{
	"whole":         {func(f *fixture, app string) { f.put(app) }, drain.Active, connect.Present, 1},
	"aws-only":      {(*fixture).createAWSSide, drain.Active, connect.Missing, 0},
	"heroku-only":   {func(f *fixture, app string) { f.AddStaleDrain(app) }, drain.None, connect.Stale, 1},
	"old-password":  {func(f *fixture, app string) { f.createAWSSide(app); f.AddStaleDrain(app) }, drain.Active, connect.Stale, 1},
	"both":          {func(f *fixture, app string) { f.put(app); f.AddStaleDrain(app) }, drain.Active, connect.Present, 2},
	"the-old-first": {func(f *fixture, app string) { f.AddStaleDrain(app); f.addCurrentDrain(app) }, drain.Active, connect.Present, 2},
	"logs-only":     {(*fixture).createStream, drain.Partial, connect.Missing, 0},
}

func TestInspectReportsBothSides(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for app, tt := range connections {
		f.AddApp(app)
		tt.prepare(f, app)
		conn, err := f.Inspect(t.Context(), app)
		localtest.Must(t, err)
		if conn.App != app || conn.State != tt.state || conn.Heroku.State != tt.heroku || len(conn.Heroku.Ours) != tt.ours ||
			conn.Heroku.Others != 2 {
			t.Errorf("%s: %s on AWS, %s at Heroku with %d of ours and %d others; want %s, %s, %d and 2", conn.App,
				conn.State, conn.Heroku.State, len(conn.Heroku.Ours), conn.Heroku.Others, tt.state, tt.heroku, tt.ours)
		}
		if tt.heroku == connect.Present {
			d, _, err := f.API.Put(t.Context(), app, drain.Patch{})
			localtest.Must(t, err)
			if conn.Heroku.Ours[0].URL != d.DrainURL {
				t.Errorf("%s: the first drain is not the current one", app)
			}
		}
	}
}

func TestInspectOfAnAppWithoutADrain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for _, app := range []string{f.AddApp("shop"), "unknown-to-heroku"} {
		if conn, err := f.Inspect(t.Context(), app); !connect.IsNotFound(err) {
			t.Errorf("%s: %+v, %v", app, conn, err)
		}
	}
}

func TestInspectWhenThePasswordCannotBeTried(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	f.put(app)
	for name, fault := range map[string]awslocal.Fault{
		"a 5xx": {Status: http.StatusServiceUnavailable}, "no answer": {Drop: awslocal.DropBefore}, "a firewall": {Status: http.StatusForbidden},
	} {
		fault.Service, fault.Operation = "execute-api", "POST /drains/shop"
		remove := f.System.AWS.Inject(fault)
		conn, err := f.Inspect(t.Context(), app)
		remove()
		if err != nil || conn.Heroku.State != connect.Unknown || conn.Heroku.Err == nil || len(conn.Heroku.Ours) != 1 {
			t.Errorf("%s: %+v, %v", name, conn.Heroku, err)
		}
	}
}

func TestInspectAndListChangeNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	_, err := f.Put(t.Context(), app, connect.PutOptions{SkipVerify: true})
	localtest.Must(t, err)
	f.System.AWS.OnCall(func(c awslocal.Call) {
		switch c.Operation {
		case "SendMessage", "SendMessageBatch", "CreateQueue", "CreateLogStream", "CreateEventSourceMapping":
			t.Errorf("%s was called", c.Operation)
		}
	})
	_, err = f.Inspect(t.Context(), app)
	localtest.Must(t, err)
	_, err = f.List(t.Context(), []heroku.App{{Name: app}})
	localtest.Must(t, err)
}

func TestPutCompletesEveryState(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for app, tt := range connections {
		f.AddApp(app)
		tt.prepare(f, app)
		f.put(app)
		f.CheckConnected(app)
	}
}

func TestDeleteClearsEveryState(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for app, tt := range connections {
		f.AddApp(app)
		tt.prepare(f, app)
		f.delete(app, connect.DeleteOptions{})
		f.CheckGone(app)
	}
}

func TestListIncludesTheOrphansOfBothSides(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	apps := []heroku.App{{Name: "nothing", Generation: "cedar"}, {Name: "fir", Generation: "fir"}, {Name: "denied"}}
	f.AddApp("nothing")
	f.HerokuFake.AddApp(herokufake.App{Name: "fir", Generation: "fir"})
	f.HerokuFake.AddApp(herokufake.App{Name: "denied", Denied: true})
	want := map[string][2]string{"gone-app": {"active", "no app"}}
	f.createAWSSide("gone-app")
	for app, tt := range connections {
		f.AddApp(app)
		tt.prepare(f, app)
		apps = append(apps, heroku.App{Name: app})
		want[app] = [2]string{string(tt.state), string(tt.heroku)}
	}
	found, err := f.List(t.Context(), apps)
	localtest.Must(t, err)
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
	for _, r := range f.HerokuFake.Requests() {
		if r.Path == "/apps/fir/log-drains" {
			t.Error("requested the log drains of an app that cannot have any")
		}
	}
}

func TestListWithoutHeroku(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	f.createAWSSide("shop")
	f.Heroku = nil
	found, err := f.List(t.Context(), nil)
	if err != nil || len(found) != 1 || found[0].App != "shop" || found[0].Heroku != nil {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestListSaysWhatHerokuRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	for _, app := range []string{"blog", "shop"} {
		f.put(f.AddApp(app))
	}
	f.AddApp("other")
	f.HerokuFake.Inject(herokufake.Fault{Route: "GET /apps/shop/log-drains", Status: http.StatusForbidden, ID: "forbidden"})
	f.HerokuFake.Inject(herokufake.Fault{Route: "GET /apps/other/log-drains", Status: http.StatusForbidden, ID: "forbidden"})
	found, err := f.List(t.Context(), []heroku.App{{Name: "blog"}, {Name: "shop"}, {Name: "other"}})
	localtest.Must(t, err)
	if len(found) != 2 || found[0].Heroku.State != connect.Present || found[1].Heroku.State != connect.Unknown || found[1].Heroku.Err == nil {
		t.Errorf("%+v", found)
	}
}
