package cli_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/stack"
)

// fleet is a system with a fake Heroku that can reach it.
type fleet struct {
	*system
	heroku *herokufake.Server
	seen   map[string]bool // every password that the fake Heroku had
}

func newFleet(t *testing.T, apps ...string) *fleet {
	t.Helper()
	fake, err := herokufake.Start(herokufake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	t.Setenv("HEROKU_API_URL", fake.URL())
	t.Setenv("HEROKU_API_KEY", herokufake.DefaultKey)
	f := &fleet{newSystem(t), fake, map[string]bool{}}
	for _, app := range apps {
		fake.AddApp(herokufake.App{Name: app})
		f.must("put", "-a", app)
	}
	f.passwords()
	return f
}

// passwords returns the passwords that Heroku has now, by app.
func (f *fleet) passwords(apps ...string) map[string]string {
	f.t.Helper()
	found := map[string]string{}
	for _, app := range apps {
		for _, d := range f.heroku.Drains(app) {
			u, err := url.Parse(d.URL)
			if err != nil {
				f.t.Fatal(err)
			}
			if found[app], _ = u.User.Password(); len(found[app]) != 32 {
				f.t.Fatalf("a drain of %s has no password", app)
			}
			f.seen[found[app]] = true
		}
	}
	return found
}

// run runs a verb, which must not show a password, and checks its exit code.
func (f *fleet) run(code int, args ...string) outcome {
	f.t.Helper()
	got := command(f.t, nil, f.local(args...)...)
	if got.code != code {
		f.t.Fatalf("%q: exit code %d: %s%s", args, got.code, got.stdout, got.stderr)
	}
	for password := range f.seen {
		if strings.Contains(got.stdout+got.stderr, password) {
			f.t.Errorf("%q shows a password", args)
		}
	}
	return got
}

// newKey creates a key, as a rotation that is killed right after that.
func (f *fleet) newKey(token string) {
	f.t.Helper()
	_, err := secretsmanager.NewFromConfig(f.AWS.Config()).PutSecretValue(f.t.Context(), &secretsmanager.PutSecretValueInput{
		SecretId: aws.String(stack.LocalSigningKey), SecretString: aws.String("another-key-of-a-test-" + token),
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func TestRotate(t *testing.T) {
	f := newFleet(t, "blog", "shop")
	f.heroku.AddApp(herokufake.App{Name: "docs"})
	f.must("put", "-a", "docs", "--no-heroku")
	before := f.passwords("blog", "shop")
	got := f.run(0, "rotate", "--yes")
	want := "APP   STATE\nblog  current\ndocs  absent: Heroku does not send to it\nshop  current\n"
	if diff := cmp.Diff(want, got.stdout); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	wantIn(t, "stderr", got.stderr, "Creating a new signing key, and waiting 12s until all functions use it…\n", "2/2 ", "Every app at Heroku uses the new key.")
	after := f.passwords("blog", "shop")
	for app := range before {
		if after[app] == before[app] {
			t.Errorf("%s has its old password", app)
		}
	}
	got = f.run(0, "rotate", "--yes", "-a", "docs")
	wantIn(t, "stderr", got.stderr, "Heroku does not send to the drain for docs, so there was nothing to move.")
	f.run(0, "rotate", "--yes") // nothing is left to finish, so this is the next rotation
	if now := f.passwords("shop"); now["shop"] == after["shop"] {
		t.Error("the second rotation changed nothing")
	}
}

func TestRotateFinishesAnEarlierRotation(t *testing.T) {
	f := newFleet(t, "blog", "shop")
	before := f.passwords("blog", "shop")
	f.newKey("1")
	got := f.run(0, "rotate", "--yes", "-a", "shop")
	wantIn(t, "stderr", got.stderr, "shop uses the current key.")
	shop := f.passwords("blog", "shop")
	if shop["shop"] == before["shop"] || shop["blog"] != before["blog"] {
		t.Error("-a shop did not move shop only")
	}
	got = f.run(0, "rotate", "--yes", "--output", "json")
	wantIn(t, "stderr", got.stderr, "Finished an earlier rotation, and created no new key.")
	var printed struct {
		Data struct {
			NewKey bool                `json:"new_key"`
			Apps   []map[string]string `json:"apps"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(got.stdout), &printed); err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{{"app": "blog", "state": "current"}, {"app": "shop", "state": "current"}}
	if diff := cmp.Diff(want, printed.Data.Apps); diff != "" || printed.Data.NewKey {
		t.Errorf("new key %t, apps (-want +got):\n%s", printed.Data.NewKey, diff)
	}
	if now := f.passwords("blog", "shop"); now["shop"] != shop["shop"] || now["blog"] == before["blog"] {
		t.Error("not only the app that was left was moved")
	}
}

func TestRotateKeepsAKeyThatAnAppMayUse(t *testing.T) {
	f := newFleet(t, "blog", "shop", "zoo")
	remove := f.heroku.Inject(herokufake.Fault{Route: "GET /apps/shop/log-drains", Status: 403, ID: "forbidden", Message: "no"})
	got := f.run(1, "rotate", "--yes") // the first rotation ever: no app can use a previous key
	wantIn(t, "stdout", got.stdout, "blog  current\n", "shop  unknown: list the log drains of shop: ", "zoo   current\n")
	wantIn(t, "stderr", got.stderr, "error: rotate: 1 of 3 apps could not be moved; old passwords stay valid until the next rotation")
	before := f.passwords("blog", "shop", "zoo")
	got = f.run(1, "rotate", "--yes")
	wantIn(t, "stderr", got.stderr, "error: rotate: 1 of 3 apps may still use the previous key, so no new one was created", "--force")
	if diff := cmp.Diff(before, f.passwords("blog", "shop", "zoo")); diff != "" {
		t.Error("passwords have changed")
	}
	remove()
	got = f.run(0, "rotate", "--yes")
	wantIn(t, "stderr", got.stderr, "Finished an earlier rotation")
	after := f.passwords("blog", "shop", "zoo")
	if after["shop"] == before["shop"] || after["blog"] != before["blog"] {
		t.Error("not only shop was moved")
	}
	f.heroku.Inject(herokufake.Fault{Route: "GET /apps/shop/log-drains", Status: 403, ID: "forbidden", Message: "no"})
	f.run(1, "rotate", "--yes", "--force")
	if now := f.passwords("blog", "shop"); now["blog"] == after["blog"] || now["shop"] != after["shop"] {
		t.Error("--force created no new key for the others")
	}
}

func TestRotateDryRunChangesNothing(t *testing.T) {
	f := newFleet(t, "blog", "shop")
	before, requests := f.passwords("blog", "shop"), len(f.heroku.Requests())
	got := f.run(0, "rotate", "--dry-run")
	wantIn(t, "stderr", got.stderr, "Would create a new signing key and move these apps to it (absent apps are skipped):")
	f.newKey("2")
	got = f.run(0, "rotate", "--dry-run")
	wantIn(t, "stderr", got.stderr, "Would create no new signing key, only move the apps that do not use the current one:")
	wantIn(t, "stdout", got.stdout, "blog  behind\nshop  behind\n")
	got = f.run(0, "rotate", "--dry-run", "--output", "json")
	wantIn(t, "stdout", got.stdout, `"dry_run": true`, `"new_key": false`)
	got = f.run(0, "rotate", "--dry-run", "--force")
	wantIn(t, "stderr", got.stderr, "Would create a new signing key")
	for _, r := range f.heroku.Requests()[requests:] {
		if r.Method != "GET" {
			t.Errorf("a dry run made the request %s %s", r.Method, r.Path)
		}
	}
	if diff := cmp.Diff(before, f.passwords("blog", "shop")); diff != "" {
		t.Error("passwords have changed")
	}
}

// A drain whose app Heroku does not show blocks a new key once there is a previous one: the app may be another account's.
func TestRotateAsksOnlyForWhatItDoes(t *testing.T) {
	f := newFleet(t, "shop")
	f.must("put", "-a", "ghost", "--no-heroku")
	got := f.run(2, "rotate") // without a terminal, the question is the end
	wantIn(t, "stderr", got.stderr, "  create a new signing key;", "  give 1 app at Heroku a drain URL with a new password: shop\n",
		"  try to move 1 app whose state is unknown: ghost\n")
	f.run(1, "rotate", "--yes")
	for _, args := range [][]string{{"rotate"}, {"rotate", "-a", "ghost"}} {
		asked, told := f.run(1, args...), f.run(1, append(args, "--yes")...)
		if strings.Contains(asked.stderr, "This will") {
			t.Errorf("%q asks, and then does nothing: %s", args, asked.stderr)
		}
		wantIn(t, "stdout", asked.stdout, "ghost  unknown: no such app", "if it does not exist, delete its drain: `", " delete -a ghost`")
		if asked.stdout != told.stdout {
			t.Errorf("%q says %s, and with --yes %s", args, asked.stdout, told.stdout)
		}
	}
	got = f.run(1, "rotate")
	wantIn(t, "stderr", got.stderr, "error: rotate: 1 of 2 apps may still use the previous key, so no new one was created (see STATE)")
	f.newKey("3") // a rotation that was interrupted left shop behind
	got = f.run(2, "rotate")
	wantIn(t, "stderr", got.stderr, "  give 1 app at Heroku a drain URL with a new password: shop\n", "  try to move 1 app whose state is unknown: ghost\n")
}

func TestRotateNeedsHeroku(t *testing.T) {
	f := newFleet(t)
	got := f.run(2, "rotate", "--no-heroku")
	wantIn(t, "stderr", got.stderr, "rotate needs Heroku: leave out --no-heroku")
	f.run(2, "rotate", "-a", "Not_An_App")
	t.Setenv("HEROKU_API_URL", "")
	got = f.run(2, "rotate")
	wantIn(t, "stderr", got.stderr, "rotate needs Heroku, which cannot reach a local system", "local --heroku shop`")
}

func TestRotateNeedsTheSigningKey(t *testing.T) {
	f := newFleet(t)
	awsAt(t, f.AWS.AWSURL())
	got := command(t, nil, "rotate", "--api-url", f.AWS.APIURL())
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, "error: unknown signing key: give --signing-key, or leave out --api-url to read it from the stack\n")
}

func TestInterruptedRotate(t *testing.T) {
	f := newFleet(t, "blog", "shop")
	ctx, cancel := context.WithCancel(t.Context())
	var stderr strings.Builder
	code := mainThatWaits(ctx, f.local("rotate", "--yes"), &stderr, func(ctx context.Context, d time.Duration) error {
		if d == 5*time.Second { // while an app has both drains
			cancel()
		}
		return ctx.Err()
	})
	if code != 130 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr.String(), " rotate --yes` again.")
	f.run(0, "rotate", "--yes")
	for _, app := range []string{"blog", "shop"} {
		if n := len(f.heroku.Drains(app)); n != 1 {
			t.Errorf("%s has %d drains", app, n)
		}
	}
	got := f.run(0, "rotate", "--dry-run")
	wantIn(t, "stdout", got.stdout, "blog  current\nshop  current\n")
}
