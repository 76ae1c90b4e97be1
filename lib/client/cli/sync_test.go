package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
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
	if got.stdout != "" {
		f.t.Errorf("the drains do not match the file:\n%s", got.stdout)
	}
	wantIn(f.t, "stderr", got.stderr, "Nothing to do: ")
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

	got = f.run(0, "sync", "--file", file, "--dry-run")
	wantIn(t, "stderr", got.stderr, "Dry run: nothing was changed.\n1 drain is not in the fleet file; --prune deletes it.\nNothing to do: 6 drains in sync.\n")
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
}

func TestSyncAsksBeforeItDeletes(t *testing.T) {
	f := newFleet(t, "shop", "lone")
	file := fleetFile(t, "apps: [shop]\n")
	got := f.run(2, "sync", "--file", file, "--prune")
	wantIn(t, "stderr", got.stderr, "This will\n  delete lone with its logs: it is not in the fleet\n", "cannot ask for confirmation without a terminal")
	f.run(0, "get", "-a", "lone")
	f.run(2, "sync", "--file", file, "--prune", "--confirm", "lone")
	f.run(0, "get", "-a", "lone")
}

// What a sync would refuse, its dry run does.
func TestSyncDryRunFindsInvalidSettings(t *testing.T) {
	f := newFleet(t, "shop")
	f.heroku.AddApp(herokufake.App{Name: "blog"})
	file := fleetFile(t, "apps:\n  blog: {batch_size: 100}\n  shop: {batch_size: 100}\n  shopp:\n")
	got := f.run(1, "sync", file, "--dry-run")
	wantIn(t, "stdout", got.stdout, "blog   skip    skipped  batch_size 100 needs a batch_window_seconds", "shop   skip    skipped  batch_size 100 needs",
		"shopp  skip    skipped  the app does not exist at Heroku")
	wantIn(t, "stderr", got.stderr, "error: sync: 3 apps would be skipped (see WHY)\n")
	f.run(2, "sync", fleetFile(t, "apps: {shop: {format: xml}}\n"), "--dry-run")
}

func TestSyncFromStdin(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "blog"})
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	for _, args := range [][]string{{"sync", "-"}, {"sync", "-f", "-"}} {
		var stdout, stderr bytes.Buffer
		code := cli.MainThatWaits(t.Context(), f.local(append(args, "--dry-run")...), strings.NewReader("apps: [shop, blog]\n"), &stdout, &stderr, hurry)
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		wantIn(t, "stdout", stdout.String(), "blog  create", "shop  create")
		stderr.Reset()
		code = cli.MainThatWaits(t.Context(), f.local(args...), strings.NewReader("app: [shop]\n"), &stdout, &stderr, hurry)
		wantIn(t, "stderr", stderr.String(), "error: stdin:1: unknown field app: did you mean apps?\n")
		if code != 2 {
			t.Errorf("exit code %d", code)
		}
	}
}

func TestSyncInitWritesWhatExists(t *testing.T) {
	f := newFleet(t, "blog", "docs", "shop")
	f.must("put", "-a", "shop", "--format", "json")
	t.Chdir(t.TempDir())
	got := f.run(0, "sync", "--init", "my fleet.yaml")
	wantIn(t, "stderr", got.stderr, "Wrote 3 drains to my fleet.yaml. To compare: `heroku-drains-cli --local ", " sync 'my fleet.yaml' --dry-run`\n")
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
	f.wantSynced("my fleet.yaml")
	text, err := os.ReadFile("my fleet.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := "\ndefaults: {format: text, ansi: keep, batch_size: 10, batch_window_seconds: 0, maximum_concurrency: 0}\napps:\n  blog:\n  docs:\n  shop: {format: json}\n"
	if !strings.HasPrefix(string(text), "# ") || !strings.HasSuffix(string(text), want) {
		t.Errorf("file:\n%s", text)
	}
	f.run(2, "sync", "--init", "my fleet.yaml") // it exists
	t.Setenv("HEROKU_API_KEY", "")              // AWS is enough
	t.Setenv("HOME", t.TempDir())
	for _, args := range [][]string{{"sync", "--init"}, {"sync", "--init", "-"}} {
		if got := f.run(0, args...); !strings.HasSuffix(got.stdout, want) {
			t.Errorf("%q: stdout:\n%s", args, got.stdout)
		}
	}
	f.run(1, "sync", "--init", "no/such/folder.yaml")
}

func TestSyncUsageErrors(t *testing.T) {
	f := newFleet(t)
	empty, wrong := fleetFile(t, ""), fleetFile(t, "apps:\n  shop:\n    formt: red\n")
	twoWrong := fleetFile(t, "appz: [shop]\nexclude: blog\n")
	for args, want := range map[string]string{
		"sync":                         "error: no apps given: give a fleet file or --team; `heroku-drains-cli --local ",
		"sync -a shop --team acme":     "leave out -a, or connect one app with `heroku-drains-cli --local ",
		"sync --file /no/such/file":    "error: there is no fleet file /no/such/file; to write one of the drains that exist: `heroku-drains-cli --local ",
		"sync shop":                    "error: there is no fleet file shop; to connect the app shop: `heroku-drains-cli --local ",
		"sync a.yaml --file b.yaml":    "two fleet files given, a.yaml and b.yaml: give one",
		"sync --init --team acme":      "--init writes a file of all drains: leave out the other flags of sync",
		"sync --init " + empty:         "error: " + empty + " exists: choose another name, or delete it first\n",
		"sync --file " + empty:         "names neither apps nor a team",
		"sync --file " + wrong:         "error: " + wrong + ":3: shop: unknown setting formt: did you mean format?\n",
		"sync " + twoWrong:             "error: " + twoWrong + " has 2 mistakes:\n" + twoWrong + ":1: unknown field appz: did you mean apps?\n" + twoWrong + ":2: ",
		"sync --team acme --keep-logs": "--keep-logs needs --prune",
		"sync --team acme --no-heroku": "listing a team's apps needs Heroku: leave out --no-heroku",
	} {
		wantIn(t, args, f.run(2, strings.Fields(args)...).stderr, want)
	}
}

// A fleet file that is empty or cut off must not delete everything.
func TestSyncPruneOfNothingDeletesNothing(t *testing.T) {
	f := newFleet(t, "blog", "shop")
	for _, text := range []string{"", "apps:\n", "apps: []\n", "apps: {}\n", "# apps: [shop]\n", "defaults: {format: json}\napps:\n", "team:\napps:\n"} {
		for _, last := range []string{"--yes", "--dry-run"} {
			file := fleetFile(t, text)
			got := f.run(2, "sync", file, "--prune", last)
			wantIn(t, text, got.stderr, "error: "+file+" names neither apps nor a team: add a line such as apps: [shop, blog]. To delete all drains: `heroku-drains-cli --local ",
				" delete --all`\n")
			var stdout, stderr bytes.Buffer
			code := cli.MainThatWaits(t.Context(), f.local("sync", "-", "--prune", last), strings.NewReader(text), &stdout, &stderr, hurry)
			wantIn(t, "stdin", stderr.String(), "error: stdin names neither apps nor a team: ")
			if code != 2 {
				t.Errorf("%q on stdin: exit code %d", text, code)
			}
		}
	}
	excluded := fleetFile(t, "exclude: ['*']\napps: [shop]\n")
	wantIn(t, excluded, f.run(2, "sync", excluded, "--prune", "--yes").stderr, "the fleet has no apps, because exclude matches all of them. ")
	target, err := url.Parse(f.heroku.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	withEmptyTeam := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/teams/acme/apps" {
			_, _ = w.Write([]byte("[]"))
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(withEmptyTeam.Close)
	t.Setenv("HEROKU_API_URL", withEmptyTeam.URL)
	wantIn(t, "team", f.run(2, "sync", "--team", "acme", "--prune", "--yes").stderr,
		"the fleet has no apps, because the team acme has none. --prune would delete every drain, so nothing was done. To delete all drains: `")
	f.run(0, "get", "blog")
	f.run(0, "get", "shop")
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
			wantIn(t, "stderr", got.stderr, "error: sync: 1 app failed (see RESULT). To retry, run `"+f.program()+" sync --file "+file+" --yes` again\n")
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
	file := fleetFile(t, "apps: {shop: , shopp: }\n")
	got := f.run(1, "sync", "--file", file, "--yes")
	wantIn(t, "stdout", got.stdout, "shop   create  created", "shopp  skip    skipped  the app does not exist at Heroku")
	wantIn(t, "stderr", got.stderr, "error: sync: 1 app was skipped (see RESULT). To retry, run `"+f.program()+" sync --file "+file+" --yes` again\n")
}

func TestSyncWithoutHeroku(t *testing.T) {
	f := newFleet(t)
	file := fleetFile(t, "apps: {blog: , shop: }\n")
	f.run(0, "sync", "--file", file, "--yes", "--no-heroku")
	got := f.run(0, "sync", "--file", file, "--no-heroku", "--dry-run")
	if got.stdout != "" || len(f.heroku.Requests()) > 0 {
		t.Errorf("%d requests to Heroku, stdout:\n%s", len(f.heroku.Requests()), got.stdout)
	}
}

// TestSyncOf200Apps stays within the requests that an account may make in an hour: the fake Heroku never adds new ones. With the race detector
// it takes 20 apps, which is more than sync works on at once.
func TestSyncOf200Apps(t *testing.T) {
	apps := 200
	if localtest.RaceDetector {
		apps = 20
	}
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
	wantIn(t, "stderr", got.stderr, fmt.Sprintf("Nothing to do: %d drains in sync.", apps))
}

func TestInterruptedSyncSaysHowToContinue(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	file := fleetFile(t, "apps: {shop: }\n")
	code, stderr := f.interruptedAt(f.onHeroku("POST /apps/{app}/log-drains"), "sync", "--file", file, "--yes")
	if code != 130 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr, "Done: 0 of 1 app. To continue, run `"+f.program()+" sync --file "+file+" --yes` again.\n")
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

// SQS blocks the name of a deleted queue for a minute. A sync that waits for that says so, as put does.
func TestSyncSaysWhatItWaitsFor(t *testing.T) {
	const blocked = `{"error":{"code":"QueueDeletedRecently","message":"the queue APP_shop was deleted less than 60 seconds ago; try again then"}}`
	refused := answer{status: http.StatusConflict, retryAfter: "60", body: blocked}
	api := newFakeAPI(t, answer{status: http.StatusOK, body: `{"data":[]}`}, refused, refused,
		answer{status: http.StatusCreated, body: aDrain("active", drainURL)})
	var stderr strings.Builder
	code := mainThatWaits(t.Context(), api.local("sync", "--no-heroku", fleetFile(t, "apps: [shop]")), &stderr,
		func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
	const want = "Waiting 1m0s: the queue APP_shop was deleted less than 60 seconds ago\n"
	if strings.Count(stderr.String(), want) != 1 || code != 0 {
		t.Errorf("exit code %d, stderr:\n%swant once:\n%s", code, &stderr, want)
	}
}
