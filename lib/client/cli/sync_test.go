package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku/herokufake"
)

// fleetFile writes a fleet file.
func fleetFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fleet.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantSynced checks that a file's drains are as they should be.
func (f *fleet) wantSynced(file string) {
	f.t.Helper()
	got := f.run(0, "sync", "--file", file, "--dry-run")
	if got.stdout != "APP  ACTION  RESULT  WHY\n" {
		f.t.Errorf("there is something left to do:\n%s", got.stdout)
	}
}

func TestSync(t *testing.T) {
	f := newFleet(t, "drift", "fine", "left", "lone", "twice")
	for _, app := range []string{"new-a", "new-b", "silent"} {
		f.heroku.AddApp(herokufake.App{Name: app})
	}
	f.heroku.AddApp(herokufake.App{Name: "fir", Generation: "fir"})
	f.must("put", "-a", "silent", "--no-heroku")
	f.heroku.AddDrain("twice", herokufake.Drain{URL: strings.Replace(f.AWS.APIURL(), "//", "//twice:old@", 1) + "/drains/twice"})
	file := fleetFile(t, `
exclude: [left]
defaults: {ansi: keep}
apps:
  drift: {format: json}
  fine:
  fir:
  new-a: {format: json}
  new-b:
  silent:
  twice:
`)
	want := `APP     ACTION  RESULT   WHY
new-a   create  created  it has no drain
new-b   create  created  it has no drain
drift   change  changed  format: text → json
silent  heal    healed   Heroku does not send to it
twice   heal    healed   Heroku sends to it 2 times
lone    orphan  -        it is not in the fleet
fir     skip    skipped  apps of the Fir generation have no log drains
`
	got := f.run(0, "sync", "--file", file, "--yes")
	if diff := cmp.Diff(want, got.stdout); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	wantIn(t, "stderr", got.stderr, "create new-a: it has no drain\n", "5/5 ", "There are 1 orphans: --prune deletes them.", "All drains are as they should be.")
	for _, app := range []string{"drift", "fine", "new-a", "new-b", "silent", "twice", "left", "lone"} {
		if n := len(f.heroku.Drains(app)); n != 1 {
			t.Errorf("%s has %d drains at Heroku", app, n)
		}
	}
	wantIn(t, "stdout", f.run(0, "get", "-a", "new-a").stdout, "format json")

	requests := len(f.heroku.Requests())
	got = f.run(0, "sync", "--file", file)
	wantIn(t, "stderr", got.stderr, "There is nothing to do: 6 drains are as they should be.")
	for _, r := range f.heroku.Requests()[requests:] {
		if r.Method != "GET" {
			t.Errorf("a second sync made the request %s %s", r.Method, r.Path)
		}
	}

	got = f.run(0, "sync", "--file", file, "--prune", "--yes")
	wantIn(t, "stderr", got.stderr, "delete with its logs lone: it is not in the fleet\n")
	wantIn(t, "stdout", got.stdout, "lone  orphan  deleted  it is not in the fleet\n")
	f.run(1, "get", "-a", "lone")
	if len(f.heroku.Drains("lone")) != 0 || len(f.heroku.Drains("left")) != 1 {
		t.Error("not what is lone was pruned")
	}
}

func TestSyncOfATeam(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "blog", Team: "acme"})
	f.heroku.AddApp(herokufake.App{Name: "fir", Team: "acme", Generation: "fir"})
	f.heroku.AddApp(herokufake.App{Name: "shop", Team: "acme"})
	f.heroku.AddApp(herokufake.App{Name: "other"})
	got := f.run(0, "sync", "--team", "acme", "--yes")
	wantIn(t, "stdout", got.stdout, "blog  create  created", "shop  create  created", "fir   skip    skipped")
	if strings.Contains(got.stdout, "other") {
		t.Errorf("another team's app is part of it:\n%s", got.stdout)
	}
	got = f.run(0, "sync", "--team", "acme", "--file", fleetFile(t, "team: nobodys\ndefaults: {format: json}\napps: {blog: {format: text}}\n"), "--yes")
	wantIn(t, "stdout", got.stdout, "shop  change  changed")
	got = f.run(1, "sync", "--team", "nobodys")
	wantIn(t, "stderr", got.stderr, "list the apps of the team nobodys")
}

func TestADryRunOfSync(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	file := fleetFile(t, "apps: {shop: {format: json}}\n")
	got := f.run(0, "sync", "--file", file, "--dry-run", "--output", "json")
	want := map[string]any{"dry_run": true, "data": map[string]any{"unchanged": 0.0, "steps": []any{map[string]any{
		"app": "shop", "action": "create", "reasons": []any{"it has no drain"}, "settings": map[string]any{"format": "json"}, "problem": false,
	}}}}
	var printed map[string]any
	if err := json.Unmarshal([]byte(got.stdout), &printed); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, printed); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	f.run(1, "get", "-a", "shop")
	got = f.run(2, "sync", "--file", file)
	wantIn(t, "stderr", got.stderr, "This will\n  create shop: it has no drain\n", "cannot ask for confirmation without a terminal")
	f.run(1, "get", "-a", "shop")
}

func TestSyncIsUsedWrong(t *testing.T) {
	f := newFleet(t)
	empty, wrong := fleetFile(t, ""), fleetFile(t, "apps:\n  shop:\n    color: red\n")
	for args, want := range map[string]string{
		"sync":                         "give --file or --team",
		"sync -a shop --team acme":     "leave -a out, or put one app with `heroku-drains-cli put -a shop`",
		"sync --file /no/such/file":    "no such file",
		"sync --file " + empty:         "names neither apps nor a team",
		"sync --file " + wrong:         `line 3: there is no field "color" here`,
		"sync --team acme --keep-logs": "--keep-logs is about what --prune deletes",
		"sync --team acme --no-heroku": "a team's apps are known to Heroku alone",
	} {
		wantIn(t, args, f.run(2, strings.Fields(args)...).stderr, want)
	}
}

func TestSyncOfOneThatFailsAmongMany(t *testing.T) {
	apps := []string{"blog", "docs", "shop", "zoo"}
	for name, fault := range map[string]herokufake.Fault{
		"full":        {Route: "POST /apps/shop/log-drains", Status: 422, ID: "invalid_params", Message: "You've reached the limit of log drains"},
		"forbidden":   {Route: "POST /apps/shop/log-drains", Status: 403, ID: "forbidden", Message: "no"},
		"unavailable": {Route: "POST /apps/shop/log-drains", Status: 503, ID: "unavailable", Message: "no"},
		"too many":    {Route: "POST /apps/shop/log-drains", Status: 429, ID: "rate_limit", Message: "wait", RetryAfter: 3600},
		"gone":        {Route: "POST /apps/shop/log-drains", Status: 404, ID: "not_found", Message: "Couldn't find that app."},
		"wrong key":   {Route: "POST /apps/shop/log-drains", Status: 401, ID: "unauthorized", Message: "no"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t)
			for _, app := range apps {
				f.heroku.AddApp(herokufake.App{Name: app})
			}
			file := fleetFile(t, "apps: {blog: , docs: , shop: , zoo: }\n")
			remove := f.heroku.Inject(fault)
			got := f.run(1, "sync", "--file", file, "--yes")
			wantIn(t, "stdout", got.stdout, "blog  create  created", "docs  create  created", "shop  create  failed: ", "zoo   create  created")
			wantIn(t, "stderr", got.stderr, "error: sync: 1 apps failed")
			f.run(1, "get", "-a", "shop") // what was made of it is undone
			remove()
			f.AWS.Advance(time.Minute + time.Second) // the name of its queue was blocked
			f.run(0, "sync", "--file", file, "--yes")
			f.wantSynced(file)
		})
	}
}

func TestSyncOfAnAppThatHerokuDoesNotKnow(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	got := f.run(1, "sync", "--file", fleetFile(t, "apps: {shop: , shopp: }\n"), "--yes")
	wantIn(t, "stdout", got.stdout, "shop   create  created", "shopp  skip    skipped  Heroku knows no such app")
	wantIn(t, "stderr", got.stderr, "error: sync: 0 apps failed, 1 are skipped")
}

func TestSyncWithoutHeroku(t *testing.T) {
	f := newFleet(t)
	file := fleetFile(t, "apps: {blog: , shop: }\n")
	f.run(0, "sync", "--file", file, "--yes", "--no-heroku")
	got := f.run(0, "sync", "--file", file, "--no-heroku", "--dry-run")
	if got.stdout != "APP  ACTION  RESULT  WHY\n" || len(f.heroku.Requests()) > 0 {
		t.Errorf("%d requests to Heroku, stdout:\n%s", len(f.heroku.Requests()), got.stdout)
	}
}

// TestSyncOf200Apps stays within what Heroku gives an account in an hour: the fake one gives no request back.
func TestSyncOf200Apps(t *testing.T) {
	const apps = 200
	f := newFleet(t)
	for n := range apps {
		f.heroku.AddApp(herokufake.App{Name: fmt.Sprintf("app-%03d", n), Team: "acme"})
	}
	got := f.run(0, "sync", "--team", "acme", "--yes")
	if n := strings.Count(got.stdout, "created"); n != apps {
		t.Errorf("%d of %d apps are created", n, apps)
	}
	requests := len(f.heroku.Requests())
	t.Logf("%d requests to Heroku", requests)
	if requests > 4500/2 {
		t.Errorf("%d requests leave the account's other users too few of 4500", requests)
	}
	got = f.run(0, "sync", "--team", "acme")
	wantIn(t, "stderr", got.stderr, "There is nothing to do: 200 drains are as they should be.")
}
