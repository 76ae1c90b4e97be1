package cli_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// noHerokuKey keeps the machine's own Heroku key out.
func noHerokuKey(t *testing.T) {
	t.Setenv("HEROKU_API_URL", "")
	t.Setenv("HEROKU_API_KEY", "")
	t.Setenv("NETRC", t.TempDir()+"/none")
}

func TestWithoutAKeyNothingIsTouched(t *testing.T) {
	noHerokuKey(t)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the request %s %s is made", r.Method, r.URL.Path)
	}))
	defer server.Close()
	awsAt(t, server.URL)
	for _, line := range []string{"put -a shop", "put -a shop --dry-run", "get -a shop", "list", "delete -a shop --yes", "delete --all --yes"} {
		got := command(t, nil, append(strings.Fields(line), "--api-url", server.URL)...)
		wantCode(t, got, 1)
		want := "error: no Heroku API key found: run `heroku login`, then `export HEROKU_API_KEY=$(heroku auth:token)`. " +
			"Or skip Heroku with --no-heroku\n"
		if got.stdout != "" || got.stderr != want {
			t.Errorf("%s: stdout %q, stderr %q", line, got.stdout, got.stderr)
		}
	}
}

func TestLocalAsksNoHerokuThatItCannotReach(t *testing.T) {
	noHerokuKey(t)
	t.Setenv("HEROKU_API_KEY", herokufake.DefaultKey) // of the real Heroku, for all that is known
	s := newSystem(t)
	got := s.must("put", "-a", "shop")
	wantIn(t, "stderr", got.stderr, "Heroku was skipped, because it cannot reach a local system.", "`heroku-drains-cli "+strings.Join(s.local(), " ")+" simulate -a shop`")
	if strings.Contains(got.stdout, "Heroku") {
		t.Errorf("stdout tells of Heroku:\n%s", got.stdout)
	}
	s.must("get", "-a", "shop")
	s.must("list")
	s.must("delete", "-a", "shop", "--yes")
}

// interruptedAt runs a verb, and interrupts it when Heroku or AWS is called as a fault says.
func (f *fleet) interruptedAt(inject func(strike func()) (remove func()), args ...string) (int, string) {
	f.t.Helper()
	ctx, cancel := context.WithCancel(f.t.Context())
	defer cancel()
	defer inject(cancel)()
	var stderr localtest.Buffer
	code := mainThatWaits(ctx, f.local(args...), &stderr, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
	return code, stderr.String()
}

func (f *fleet) onHeroku(route string) func(strike func()) func() {
	return func(strike func()) func() { return f.heroku.Inject(herokufake.Fault{Route: route, Before: strike}) }
}

func (f *fleet) onAWS(operation string) func(strike func()) func() {
	return func(strike func()) func() {
		return f.AWS.OnCall(func(c awslocal.Call) {
			if c.Operation == operation {
				strike()
			}
		})
	}
}

func TestAnInterruptTellsWhatIsLeft(t *testing.T) {
	f := newFleet(t)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	for _, tt := range []struct {
		name, verb string
		at         func(strike func()) func()
		want       string
		ours, code int
	}{
		{"before anything", "put", f.onHeroku("GET /apps/{app}"), "interrupted\n", 0, 130},
		{"while AWS is made", "put", f.onAWS("CreateQueue"), "interrupted: what this run created on AWS was rolled back\n", 0, 130},
		{"while Heroku is looked at", "put", f.onHeroku("GET /apps/{app}/log-drains"), "interrupted: what this run created on AWS was rolled back\n", 0, 130},
		{"while Heroku adds it", "put", f.onHeroku("POST /apps/{app}/log-drains"),
			"interrupted: the drain exists on both sides but is not verified; run the same put again to verify it\n", 1, 130},
		{"while it is proven", "put", f.onAWS("SendMessage"),
			"interrupted: the drain exists on both sides but is not verified; run the same put again to verify it\n", 1, 130},
		{"while Heroku removes it", "delete", f.onHeroku("DELETE /apps/{app}/log-drains/{id}"),
			"interrupted: Heroku no longer sends to the drain, but its AWS side still exists; run the same delete again to continue, or put to connect it again\n", 0, 130},
		{"while AWS removes it", "delete", f.onAWS("DeleteEventSourceMapping"), "Drain for shop deleted, with its stored lines.\n", 0, 0},
	} {
		args := []string{tt.verb, "-a", "shop"}
		if tt.verb == "delete" {
			args = append(args, "--yes")
		}
		code, stderr := f.interruptedAt(tt.at, args...)
		if code != tt.code || !strings.HasSuffix(stderr, "\n"+tt.want) && stderr != tt.want {
			t.Errorf("%s: exit code %d, stderr:\n%swant:\n%s", tt.name, code, stderr, tt.want)
		}
		if n := len(f.heroku.Drains("shop")); n != tt.ours {
			t.Errorf("%s: %d drains at Heroku, want %d", tt.name, n, tt.ours)
		}
		f.AWS.Advance(time.Minute + time.Second)
	}
}

func TestDeadLettersByApp(t *testing.T) {
	f := newFleet(t, "blog", "docs")
	f.addDeadLetter("shop", webLine("one"))
	f.addDeadLetter("shop", webLine("two"))
	f.AWS.Advance(time.Minute)
	f.heroku.AddApp(herokufake.App{Name: "shop"})
	f.must("put", "-a", "shop")
	wantIn(t, "stdout", f.run(0, "get", "-a", "shop").stdout, "\nDead letters  2\n")
	wantIn(t, "stdout", f.run(0, "get", "-a", "blog").stdout, "\nDead letters  0\n")
	var table [][]string
	for line := range strings.Lines(f.run(0, "list").stdout) {
		table = append(table, strings.Fields(line)[:6])
	}
	want := [][]string{
		{"APP", "STATE", "FORMAT", "WAITING", "DEAD", "HEROKU"},
		{"blog", "active", "text", "0", "0", "present"},
		{"docs", "active", "text", "0", "0", "present"},
		{"shop", "active", "text", "0", "2", "present"},
	}
	if diff := cmp.Diff(want, table); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	if strings.Contains(f.run(0, "list", "--no-heroku").stdout, "DEAD") {
		t.Error("list --no-heroku is not as it was")
	}
}

func TestDeadLettersThatCannotBeCounted(t *testing.T) {
	f := newFleet(t, "shop")
	f.AWS.Inject(awslocal.Fault{
		Service: "sqs", Operation: "GetQueueAttributes", Skip: 1, Status: 403, Code: "AccessDenied", Message: "not you",
	})
	got := f.run(0, "get", "-a", "shop")
	wantIn(t, "stderr", got.stderr, "Cannot show dead letters: count the dead letters in ", "not you (AccessDenied)")
	wantIn(t, "stdout", got.stdout, "State         active", "Heroku        present")
}

func TestJSONHasBothSides(t *testing.T) {
	f := newFleet(t, "shop")
	f.heroku.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com/in", AddOn: "logs-flat-12345"})
	var shown struct {
		Data struct {
			App, State  string
			DeadLetters *int `json:"dead_letters"`
			Heroku      struct {
				State  string
				Drains []struct{ ID, Token, URL string }
				Others int
			}
		}
	}
	if err := json.Unmarshal([]byte(f.run(0, "get", "-a", "shop", "--output", "json").stdout), &shown); err != nil {
		t.Fatal(err)
	}
	d := shown.Data
	at := f.heroku.Drains("shop")[0]
	if d.App != "shop" || d.State != "active" || d.DeadLetters == nil || d.Heroku.State != "present" || d.Heroku.Others != 1 ||
		len(d.Heroku.Drains) != 1 || d.Heroku.Drains[0].ID != at.ID || d.Heroku.Drains[0].Token != at.Token ||
		!strings.Contains(d.Heroku.Drains[0].URL, "//shop:****@") {
		t.Errorf("%+v", d)
	}
	shownURL := f.must("get", "-a", "shop", "--output", "json", "--show-url")
	wantIn(t, "stdout", shownURL.stdout, at.URL)
}

func TestDeleteAllTellsWhatIsLeft(t *testing.T) {
	f := newFleet(t, "blog", "docs", "shop")
	remove := f.heroku.Inject(herokufake.Fault{
		Route: "DELETE /apps/docs/log-drains/" + f.heroku.Drains("docs")[0].ID, Status: http.StatusForbidden, ID: "forbidden", Message: "no",
	})
	got := f.run(1, "delete", "--all", "--yes")
	wantIn(t, "stderr", got.stderr, "Drain for docs not deleted: remove the log drain ", "the AWS side is unchanged",
		"error: delete all drains: some failed; 1 of 3 drains left; run the same delete again to continue\n")
	if got.stdout != "" {
		t.Errorf("stdout %q", got.stdout)
	}
	f.run(1, "get", "-a", "blog")
	f.wantConnected("docs", 0)
	remove()
	got = f.run(0, "delete", "--all", "--yes", "--output", "json")
	wantIn(t, "stdout", got.stdout, `"app": "docs"`)
	wantIn(t, "stderr", got.stderr, "All drains of the stack HerokuDrains deleted (1).")
	f.run(1, "get", "-a", "docs")
}

func TestAnInterruptOfDeleteAllTellsWhatIsLeft(t *testing.T) {
	f := newFleet(t, "blog", "docs")
	code, stderr := f.interruptedAt(f.onHeroku("DELETE /apps/{app}/log-drains/{id}"), "delete", "--all", "--yes")
	if code != 130 {
		t.Errorf("exit code %d", code)
	}
	// One may be untouched, or further on: they are deleted side by side.
	wantIn(t, "stderr", stderr, "Drain for blog not deleted: ", "Drain for docs not deleted: ",
		"\ninterrupted: 2 of 2 drains left; run the same delete again to continue\n")
	if strings.Contains(stderr, "context canceled") {
		t.Errorf("stderr:\n%s", stderr)
	}
	f.run(0, "delete", "--all", "--yes")
	for _, app := range []string{"blog", "docs"} {
		f.run(1, "get", "-a", app)
	}
}
