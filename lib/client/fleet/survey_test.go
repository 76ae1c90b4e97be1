package fleet_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// fixture is a system with a fake Heroku, and a fleet file.
type fixture struct {
	*clienttest.Fixture
	t    *testing.T
	file fleet.File
}

func newFixture(t *testing.T, file string) *fixture {
	t.Helper()
	parsed, err := fleet.Parse("fleet.yaml", []byte(file))
	localtest.Must(t, err)
	return &fixture{Fixture: clienttest.Start(t, clienttest.Options{}), t: t, file: parsed}
}

// connect adds an app to Heroku and creates its drain.
func (f *fixture) connect(app string) {
	f.t.Helper()
	_, err := f.Put(f.t.Context(), f.AddApp(app), connect.PutOptions{})
	localtest.Must(f.t, err)
}

func (f *fixture) plan() fleet.Plan {
	f.t.Helper()
	found, err := fleet.Survey(f.t.Context(), f.Connector, f.Heroku.(*heroku.Client), f.file)
	localtest.Must(f.t, err)
	return found.Plan()
}

// wantPlan checks the steps of a plan, each as its action and app.
func (f *fixture) wantPlan(plan fleet.Plan, unchanged int, want ...string) {
	f.t.Helper()
	var got []string
	for _, step := range plan.Steps {
		got = append(got, string(step.Action)+" "+step.App)
	}
	if diff := cmp.Diff(want, got); diff != "" || plan.Unchanged != unchanged {
		f.t.Errorf("%d unchanged, want %d; steps (-want +got):\n%s", plan.Unchanged, unchanged, diff)
	}
}

// apply applies a plan and checks the outcomes by app.
func (f *fixture) apply(plan fleet.Plan, opts fleet.Options, want map[string]fleet.Outcome) {
	f.t.Helper()
	got := map[string]fleet.Outcome{}
	for _, d := range fleet.Apply(f.t.Context(), f.Connector, plan, opts, &progress{}) {
		got[d.App] = d.Outcome
		if d.Outcome == fleet.Failed {
			f.t.Errorf("%s failed: %v", d.App, d.Err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

func TestApplyMakesTheDrainsMatch(t *testing.T) {
	f := newFixture(t, "exclude: [other]\napps: {drift: {format: json}, fir: , new: , same: , stale: }\n")
	for _, app := range []string{"drift", "orphan", "other", "same"} {
		f.connect(app)
	}
	f.AddApp("new")
	f.connect("stale")
	f.AddStaleDrain("stale")
	f.HerokuFake.AddApp(herokufake.App{Name: "fir", Generation: "fir"})

	plan := f.plan()
	f.wantPlan(plan, 1, "create new", "change drift", "repair stale", "orphan orphan", "skip fir")
	outcomes := map[string]fleet.Outcome{
		"new": fleet.Created, "drift": fleet.Changed, "stale": fleet.Repaired, "orphan": fleet.NotDone, "fir": fleet.Skipped,
	}
	f.apply(plan, fleet.Options{}, outcomes)
	for _, app := range []string{"drift", "new", "orphan", "other", "same", "stale"} {
		f.CheckConnected(app)
	}

	plan = f.plan()
	f.wantPlan(plan, 4, "orphan orphan", "skip fir")
	f.apply(plan, fleet.Options{Prune: true, KeepLogs: true}, map[string]fleet.Outcome{"orphan": fleet.Deleted, "fir": fleet.Skipped})
	if ours := f.OurDrains("orphan"); len(ours) > 0 {
		t.Errorf("orphan has %d log drains of ours at Heroku", len(ours))
	}
	if d, err := f.API.Get(t.Context(), "orphan"); err != nil || !d.Archived() {
		t.Errorf("the logs of orphan were not kept: %+v, %v", d, err)
	}
	f.apply(plan, fleet.Options{Prune: true}, map[string]fleet.Outcome{"orphan": fleet.Deleted, "fir": fleet.Skipped})
	f.wantPlan(f.plan(), 4, "skip fir")
	f.CheckConnected("other")
}

func TestSurveyOfATeam(t *testing.T) {
	f := newFixture(t, "team: acme\ndefaults: {format: json}\napps: {blog: {format: text}}\n")
	for _, app := range []herokufake.App{{Name: "blog", Team: "acme"}, {Name: "fir", Team: "acme", Generation: "fir"}, {Name: "shop", Team: "acme"}, {Name: "alone"}} {
		f.HerokuFake.AddApp(app)
	}
	plan := f.plan()
	f.wantPlan(plan, 0, "create blog", "create shop", "skip fir")
	if blog, shop := *plan.Steps[0].Settings.Format, *plan.Steps[1].Settings.Format; blog != "text" || shop != "json" {
		t.Errorf("formats: blog %s, shop %s", blog, shop)
	}
}

func TestSurveyOfAppsThatTheAccountDoesNotList(t *testing.T) {
	f := newFixture(t, "apps: {down: , gone: , private: }\n")
	f.connect("gone")
	for _, app := range []string{"gone", "private"} {
		f.HerokuFake.Inject(herokufake.Fault{Route: "GET /apps/" + app, Status: 404, ID: "not_found", Message: "Couldn't find that app."})
	}
	f.HerokuFake.Inject(herokufake.Fault{Route: "GET /apps/down", Status: 503, ID: "unavailable", Message: "down for maintenance"})
	found, err := fleet.Survey(t.Context(), f.Connector, unlisted{f.Heroku.(*heroku.Client)}, f.file)
	localtest.Must(t, err)
	for app, want := range map[string]fleet.HerokuApp{"gone": {Drains: 1}, "private": {}, "down": {}} {
		got := found.Heroku[app]
		if (got.Err != nil) != (app == "down") {
			t.Errorf("%s: error %v", app, got.Err)
		}
		got.Err = nil
		if got != want {
			t.Errorf("%s: %+v, want %+v", app, got, want)
		}
	}
}

// unlisted is an account that lists no apps.
type unlisted struct{ fleet.Account }

func (unlisted) Apps(context.Context) ([]heroku.App, error) { return nil, nil }

func TestSurveyWithoutHeroku(t *testing.T) {
	f := newFixture(t, "apps: {blog: , shop: }\n")
	f.connect("shop")
	f.Heroku = nil
	found, err := fleet.Survey(t.Context(), f.Connector, nil, f.file)
	localtest.Must(t, err)
	if found.Heroku != nil {
		t.Errorf("apps at Heroku: %v", found.Heroku)
	}
	f.wantPlan(found.Plan(), 1, "create blog")
}
