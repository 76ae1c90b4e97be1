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

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
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

// wantSynced checks that the drains match a file.
func (f *fleet) wantSynced(file string) {
	f.t.Helper()
	got := f.run(0, "sync", "--file", file, "--dry-run")
	if got.stdout != "APP  ACTION  RESULT  WHY\n" {
		f.t.Errorf("the drains do not match the file:\n%s", got.stdout)
	}
}

func TestSync(t *testing.T) {
	f := newFleet(t, "drift", "same", "left", "lone", "twice")
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
  fir:
  new-a: {format: json}
  new-b:
  same:
  silent:
  twice:
`)
	want := `APP     ACTION  RESULT    WHY
new-a   create  created   it has no drain
new-b   create  created   it has no drain
drift   change  changed   format: text → json
silent  repair  repaired  Heroku does not send to it
twice   repair  repaired  2 log drains at Heroku send to it
lone    orphan  -         it is not in the fleet
fir     skip    skipped   apps of the Fir generation have no log drains
`
	got := f.run(0, "sync", "--file", file, "--yes")
	if diff := cmp.Diff(want, got.stdout); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	wantIn(t, "stderr", got.stderr, "create new-a: it has no drain\n", "5/5 ", "1 drain is not in the fleet file; --prune deletes it.\n", "Everything is in sync.\n")
	for _, app := range []string{"drift", "same", "new-a", "new-b", "silent", "twice", "left", "lone"} {
		if n := len(f.heroku.Drains(app)); n != 1 {
			t.Errorf("%s has %d drains at Heroku", app, n)
		}
	}
	wantIn(t, "stdout", f.run(0, "get", "-a", "new-a").stdout, "format json")

	requests := len(f.heroku.Requests())
	got = f.run(0, "sync", "--file", file)
	wantIn(t, "stderr", got.stderr, "Nothing to do: 6 drains in sync.")
	for _, r := range f.heroku.Requests()[requests:] {
		if r.Method != "GET" {
			t.Errorf("a second sync made the request %s %s", r.Method, r.Path)
		}
	}

	got = f.run(0, "sync", "--file", file, "--prune", "--yes")
	wantIn(t, "stderr", got.stderr, "delete lone with its logs: it is not in the fleet\n", "Syncing apps: 1…\n")
	wantIn(t, "stdout", got.stdout, "lone  orphan  deleted  it is not in the fleet\n")
	f.run(1, "get", "-a", "lone")
	if len(f.heroku.Drains("lone")) != 0 || len(f.heroku.Drains("left")) != 1 {
		t.Error("not only lone was pruned")
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
		t.Errorf("an app of another team is part of it:\n%s", got.stdout)
	}
	got = f.run(0, "sync", "--team", "acme", "--file", fleetFile(t, "team: nobodys\ndefaults: {format: json}\napps: {blog: {format: text}}\n"), "--yes")
	wantIn(t, "stdout", got.stdout, "shop  change  changed")
	got = f.run(1, "sync", "--team", "nobodys")
	wantIn(t, "stderr", got.stderr, "list the apps of the team nobodys")
}

func TestSyncDryRun(t *testing.T) {
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

func TestSyncUsageErrors(t *testing.T) {
	f := newFleet(t)
	empty, wrong := fleetFile(t, ""), fleetFile(t, "apps:\n  shop:\n    color: red\n")
	for args, want := range map[string]string{
		"sync":                         "error: no apps given: use --file or --team\n",
		"sync -a shop --team acme":     "leave out -a, or connect one app with `heroku-drains-cli --local ",
		"sync --file /no/such/file":    "no such file",
		"sync --file " + empty:         "names neither apps nor a team",
		"sync --file " + wrong:         `line 3: unknown field "color"`,
		"sync --team acme --keep-logs": "--keep-logs needs --prune",
		"sync --team acme --no-heroku": "listing a team's apps needs Heroku: leave out --no-heroku",
	} {
		wantIn(t, args, f.run(2, strings.Fields(args)...).stderr, want)
	}
}

func TestSyncWhenOneOfManyFails(t *testing.T) {
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
			wantIn(t, "stderr", got.stderr, "error: sync: 1 app failed (see RESULT). Run sync again to retry\n")
			f.run(1, "get", "-a", "shop") // what was created of it was rolled back
			remove()
			f.AWS.Advance(time.Minute + time.Second) // SQS blocked the name of its queue
			f.run(0, "sync", "--file", file, "--yes")
			f.wantSynced(file)
		})
	}
}

func TestSyncOfAnAppThatDoesNotExist(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	got := f.run(1, "sync", "--file", fleetFile(t, "apps: {shop: , shopp: }\n"), "--yes")
	wantIn(t, "stdout", got.stdout, "shop   create  created", "shopp  skip    skipped  the app does not exist at Heroku")
	wantIn(t, "stderr", got.stderr, "error: sync: 1 app was skipped (see RESULT). Run sync again to retry\n")
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

// TestSyncOf200Apps stays within the requests that an account may make in an hour: the fake Heroku never adds new ones.
func TestSyncOf200Apps(t *testing.T) {
	const apps = 200
	f := newFleet(t)
	for n := range apps {
		f.heroku.AddApp(herokufake.App{Name: fmt.Sprintf("app-%03d", n), Team: "acme"})
	}
	got := f.run(0, "sync", "--team", "acme", "--yes")
	if n := strings.Count(got.stdout, "created"); n != apps {
		t.Errorf("%d of %d drains were created", n, apps)
	}
	requests := len(f.heroku.Requests())
	t.Logf("%d requests to Heroku", requests)
	if requests > 4500/2 {
		t.Errorf("%d requests, more than half of the 4500 that the account's users share", requests)
	}
	got = f.run(0, "sync", "--team", "acme")
	wantIn(t, "stderr", got.stderr, "Nothing to do: 200 drains in sync.")
}

func TestInterruptedSyncSaysHowToContinue(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	file := fleetFile(t, "apps: {shop: }\n")
	code, stderr := f.interruptedAt(f.onHeroku("POST /apps/{app}/log-drains"), "sync", "--file", file, "--yes")
	if code != 130 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr, "Done: 0 of 1 app. Run the same sync again to continue.\n")
	f.run(0, "sync", "--file", file, "--yes")
	f.wantSynced(file)
}

func TestSyncShowsPlainErrors(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	f.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "FilterLogEvents", Status: 400, Code: "AccessDeniedException", Message: "not you"})
	got := f.run(1, "sync", "--file", fleetFile(t, "apps: {shop: }\n"), "--yes")
	const want = "CloudWatch Logs FilterLogEvents failed: not you (AccessDeniedException)"
	wantIn(t, "stdout", got.stdout, want)
	wantIn(t, "stderr", got.stderr, "1/1 shop: failed: ", want)
	if strings.Contains(got.stdout+got.stderr, "operation error") {
		t.Errorf("text of the SDK is shown:\n%s%s", got.stdout, got.stderr)
	}
}
