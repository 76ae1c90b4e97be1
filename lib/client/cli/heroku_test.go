package cli_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
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
	t.Setenv("HEROKU_HOST", "none.invalid") // so that a Heroku CLI is not asked
	t.Setenv("NETRC", t.TempDir()+"/none")
}

func TestWithoutAKeyNothingIsTouched(t *testing.T) {
	noHerokuKey(t)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the request %s %s is made", r.Method, r.URL.Path)
	}))
	defer server.Close()
	awsAt(t, server.URL)
	fleet := fleetFile(t, "apps: {shop: }\n")
	for _, line := range []string{"put -a shop", "delete -a shop --yes", "delete --all --yes", "sync --yes --file " + fleet} {
		got := command(t, nil, append(strings.Fields(line), "--api-url", server.URL)...)
		wantCode(t, got, 1)
		want := "error: no Heroku API key found: run `heroku login`, or set HEROKU_API_KEY. Or skip Heroku with --no-heroku\n"
		if got.stdout != "" || got.stderr != want {
			t.Errorf("%s: stdout %q, stderr %q", line, got.stdout, got.stderr)
		}
	}
	got := command(t, nil, "rotate", "--yes", "--api-url", server.URL)
	wantCode(t, got, 1)
	if want := "error: no Heroku API key found: run `heroku login`, or set HEROKU_API_KEY\n"; got.stderr != want {
		t.Errorf("rotate: stderr %q", got.stderr)
	}
}

func TestWithoutAKeyTheAWSSideIsShown(t *testing.T) {
	noHerokuKey(t)
	c := newCloud(t)
	c.must("put", "-a", "shop")
	c.store(time.Now(), "2026-11-22T12:00:00.000000+00:00 app[web.1]: hello")
	const note = "Heroku was not looked at: no Heroku API key found: run `heroku login`, or set HEROKU_API_KEY.\n"
	for line, want := range map[string]string{
		"list": "shop  active", "get -a shop": "State         active", "logs -a shop": "hello",
		"put -a shop --dry-run --format json": "format: text → json", "delete -a shop --dry-run": "remove the queue",
		"list --output json": `"app": "shop"`,
	} {
		got := command(t, nil, strings.Fields(line)...)
		wantCode(t, got, 0)
		wantIn(t, line+": stdout", got.stdout, want)
		if noted := strings.Contains(got.stderr, note); noted == strings.HasPrefix(line, "logs") || strings.Count(got.stderr, "no Heroku API key") > 1 {
			t.Errorf("%s: stderr:\n%s", line, got.stderr)
		}
		if got := command(t, nil, append(strings.Fields(line), "--no-color")...); strings.Contains(got.stdout, "Heroku was not looked at") {
			t.Errorf("%s: the note is in stdout:\n%s", line, got.stdout)
		}
	}
	got := command(t, nil, "doctor")
	wantIn(t, "stdout", got.stdout, "note     heroku: Heroku was not checked: no Heroku API key was found")
}

func TestShowURL(t *testing.T) {
	f := newFleet(t, "shop")
	shown := f.run(0, "put", "-a", "shop", "--show-url", "--output", "json").stdout
	url := regexp.MustCompile(`"drain_url": "([^"]+)"`).FindStringSubmatch(shown)[1]
	got := f.run(0, "get", "-a", "shop", "--show-url")
	wantIn(t, "stdout", got.stdout, "Drain URL     "+url+"\n")
	got = f.run(0, "get", "-a", "shop")
	if strings.Contains(got.stdout+got.stderr, url) {
		t.Errorf("the password is shown:\n%s", got.stdout)
	}
	hint := "Only put gets the drain URL with its password from AWS. To show it: `" + f.program() + " put -a shop --show-url --no-heroku`\n"
	got = f.run(0, "get", "-a", "shop", "--show-url", "--no-heroku")
	wantIn(t, "stderr", got.stderr, hint)
	wantIn(t, "stdout", f.run(0, "put", "-a", "shop", "--show-url", "--no-heroku").stdout, url+"\n")
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

// program returns how hints call the program for the system.
func (s *system) program() string { return "heroku-drains-cli " + strings.Join(s.local(), " ") }

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
			"interrupted: the drain exists on both sides but is not verified; to verify it, run `CLI put -a shop`\n", 1, 130},
		{"while it is proven", "put", f.onAWS("SendMessage"),
			"interrupted: the drain exists on both sides but is not verified; to verify it, run `CLI put -a shop`\n", 1, 130},
		{"while Heroku removes it", "delete", f.onHeroku("DELETE /apps/{app}/log-drains/{id}"),
			"interrupted: Heroku no longer sends to the drain, but its AWS side still exists; to continue, run `CLI delete -a shop`; to connect it again, `CLI put -a shop`\n", 0, 130},
		{"while AWS removes it", "delete", f.onAWS("DeleteEventSourceMapping"), "Drain for shop deleted, with its stored lines.\n", 0, 0},
	} {
		args := []string{tt.verb, "-a", "shop"}
		if tt.verb == "delete" {
			args = append(args, "--yes")
		}
		code, stderr := f.interruptedAt(tt.at, args...)
		tt.want = strings.ReplaceAll(tt.want, "CLI", f.program())
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
	for line := range strings.Lines(f.run(0, "list", "--settings").stdout) {
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
		"error: delete all drains: some failed; 1 of 3 drains left; to continue, run `"+f.program()+" delete --all --yes` again\n")
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
		"\ninterrupted: 2 of 2 drains left; to continue, run `"+f.program()+" delete --all --yes` again\n")
	if strings.Contains(stderr, "context canceled") {
		t.Errorf("stderr:\n%s", stderr)
	}
	f.run(0, "delete", "--all", "--yes")
	for _, app := range []string{"blog", "docs"} {
		f.run(1, "get", "-a", app)
	}
}
