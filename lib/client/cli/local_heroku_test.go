package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

var readyWithHeroku = regexp.MustCompile(`^ready api=(\S+) aws=(\S+) page=\S+ heroku=(http://127\.0\.0\.1:\d+)$`)

// localHeroku is a running `local --heroku`.
type localHeroku struct {
	t      *testing.T
	where  []string // the flags of a verb that uses it
	heroku *heroku.Client
	stderr *localtest.Buffer
	stop   func() int
}

// startLocalHeroku runs `local --heroku shop,blog`. The environment of the test has no Heroku.
func startLocalHeroku(t *testing.T, args ...string) *localHeroku {
	t.Helper()
	for _, name := range []string{"HEROKU_API_URL", "HEROKU_API_KEY", "NETRC"} {
		t.Setenv(name, "")
	}
	t.Setenv("HOME", t.TempDir())
	l := &localHeroku{t: t, stderr: &localtest.Buffer{}}
	var stdout *bufio.Scanner
	stdout, l.stop = startLocalTo(t, l.stderr, append([]string{"--heroku", "shop,blog"}, args...)...)
	if !stdout.Scan() {
		t.Fatalf("stdout ended: %s", l.stderr.String())
	}
	found := readyWithHeroku.FindStringSubmatch(stdout.Text())
	if found == nil {
		t.Fatalf("first line %q", stdout.Text())
	}
	l.where = []string{"--local", "--local-api-url", found[1], "--local-aws-url", found[2]}
	var err error
	l.heroku, err = heroku.New(heroku.Config{URL: found[3], Key: stack.LocalHerokuKey})
	localtest.Must(t, err)
	return l
}

// run runs a verb that uses the system, in real time, and checks its exit code.
func (l *localHeroku) run(code int, args ...string) outcome {
	l.t.Helper()
	var stdout, stderr localtest.Buffer
	hurried := func(ctx context.Context, d time.Duration) error {
		return clock.Sleep(ctx, min(d, 100*time.Millisecond))
	}
	got := cli.MainThatWaits(l.t.Context(), append(l.where, args...), strings.NewReader(""), &stdout, &stderr, hurried)
	out := outcome{got, stdout.String(), stderr.String()}
	wantCode(l.t, out, code)
	return out
}

// lines returns how many lines of an app are stored.
func (l *localHeroku) lines(app string) int {
	return strings.Count(l.run(0, "logs", "-a", app, "-n", "1000").stdout, "\n")
}

// url returns the URL of an app's only log drain.
func (l *localHeroku) url(app string) string {
	l.t.Helper()
	drains, err := l.heroku.Drains(l.t.Context(), app)
	if err != nil || len(drains) != 1 {
		l.t.Fatalf("%s has %d log drains at Heroku, error %v", app, len(drains), err)
	}
	return drains[0].URL
}

func TestLocalHerokuIsTheHerokuOfLocalVerbs(t *testing.T) {
	l := startLocalHeroku(t)
	got := l.run(0, "put", "-a", "shop")
	wantIn(t, "stderr", l.stderr.String(), " has these apps in the team local: shop, blog. An app sends lines as soon as it has a log drain.\n",
		"\n  heroku-drains-cli --local put -a shop           # connect an app, at Heroku and on AWS\n  heroku-drains-cli --local logs -a shop --tail   # show")
	wantIn(t, "put", got.stdout+got.stderr, "Heroku sends to it")
	localtest.Eventually(t, "the app's own lines arrive", func() bool { return l.lines("shop") > 1 }) // one is the test line
	l.run(1, "put", "-a", "gone")                                                                     // Heroku has no such app

	before := l.url("shop")
	l.run(0, "--yes", "rotate")
	after := l.url("shop")
	if before == after {
		t.Error("rotate has not changed the password")
	}
	had := l.lines("shop")
	localtest.Eventually(t, "lines arrive with the new password", func() bool { return l.lines("shop") > had })

	wantIn(t, "plan", l.run(0, "sync", "--team", "local", "--dry-run").stdout, "blog", "create")
	l.run(0, "--yes", "sync", "--team", "local")
	localtest.Eventually(t, "lines of blog arrive", func() bool { return l.lines("blog") > 1 })
	wantIn(t, "list", l.run(0, "list").stdout, "blog", "shop", "HEROKU", "present")
	if got := l.run(0, "doctor"); strings.Contains(got.stdout, "Heroku was not checked") {
		t.Errorf("doctor skips Heroku:\n%s", got.stdout)
	}

	l.run(0, "--yes", "delete", "-a", "shop", "--keep-logs")
	if drains, err := l.heroku.Drains(t.Context(), "shop"); err != nil || len(drains) > 0 {
		t.Errorf("after delete: %d log drains, error %v", len(drains), err)
	}
	if code := l.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if shown := l.stderr.String(); strings.Contains(shown, "lost") || strings.Contains(shown, "level=") {
		t.Errorf("lines were lost:\n%s", shown)
	}
	u, err := url.Parse(after)
	localtest.Must(t, err)
	password, _ := u.User.Password()
	if strings.Contains(l.stderr.String(), password) {
		t.Error("stderr contains a password")
	}
}

func TestADataFolderKeepsBothSides(t *testing.T) {
	folder := t.TempDir()
	api := localtest.ReserveAddress(t) // Heroku's URL has it
	l := startLocalHeroku(t, "--data", folder, "--api-addr", api)
	l.run(0, "put", "-a", "shop")
	before := l.url("shop")
	if code := l.stop(); code != 0 {
		t.Fatalf("exit code %d: %s", code, l.stderr.String())
	}
	l = startLocalHeroku(t, "--data", folder, "--api-addr", api)
	if l.url("shop") != before {
		t.Error("Heroku has another URL")
	}
	had := l.lines("shop")
	localtest.Eventually(t, "lines arrive after the restart", func() bool { return l.lines("shop") > had })
	if code := l.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestHerokuAPIURLWinsOverTheLocalHeroku(t *testing.T) {
	l := startLocalHeroku(t)
	newFleet(t) // sets the variables of another Heroku, without these apps
	got := l.run(1, "put", "-a", "shop")
	wantIn(t, "stderr", got.stderr, "shop", "no access to it")
	l.run(0, "--no-heroku", "put", "-a", "shop")
}

func TestNobodysKeyIsSentToTheLocalHeroku(t *testing.T) {
	l := startLocalHeroku(t)
	t.Setenv("HEROKU_API_KEY", "HRKU-somebodys") // the fake Heroku would refuse it
	l.run(0, "put", "-a", "shop", "--no-verify")
}

func TestTheLocalSystemSaysWhereItsHerokuIs(t *testing.T) {
	l := startLocalHeroku(t)
	resp, err := http.Get(l.where[4] + stack.LocalInfoPath)
	localtest.Must(t, err)
	defer resp.Body.Close()
	var info stack.LocalInfo
	if err := json.NewDecoder(resp.Body).Decode(&info); err != nil || !strings.HasPrefix(info.HerokuURL, "http://127.0.0.1:") {
		t.Errorf("%+v, error %v", info, err)
	}
}

func TestLocalHerokuIsCheckedBeforeAnythingStarts(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--heroku", "shop,Blog"}, `--heroku: "Blog" is not a valid Heroku app name`},
		{[]string{"--heroku", "shop,shop"}, "--heroku: shop is there twice"},
		{[]string{"--heroku-addr", "127.0.0.1:0"}, "--heroku-addr needs --heroku"},
		{[]string{"--fail", "lambda"}, `unknown fault "lambda": choose one of storage, sqs, logs, `},
		{[]string{"--fail", "logs:30"}, `"30" is not a service, an app or a time`},
		{[]string{"--fail", "logs:-1s"}, `"-1s" is not a service, an app or a time`},
	} {
		got := command(t, nil, append([]string{"local", "--api-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0"}, test.args...)...)
		wantCode(t, got, 2)
		wantIn(t, "stderr", got.stderr, test.want)
	}
	other := startLocalHeroku(t)
	got := command(t, nil, "local", "--api-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0", "--heroku", "shop",
		"--heroku-addr", strings.TrimPrefix(other.where[4], "http://"))
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "start the fake Heroku", "choose another port with --heroku-addr")
}

// Every line that Heroku delivers while CloudWatch Logs fails is stored afterwards, in the queue's next attempt.
func TestLinesOfAFaultArriveAfterIt(t *testing.T) {
	t.Parallel() // it takes 10 seconds
	if os.Getenv("HEROKU_API_URL") != "" {
		t.Skip("the environment has a Heroku")
	}
	var stderr localtest.Buffer
	stdout, stop := startLocalTo(t, &stderr, "--fail", "logs:3s", "--fail", "storage:4s")
	if !stdout.Scan() {
		t.Fatalf("stdout ended: %s", stderr.String())
	}
	addresses := readyLine.FindStringSubmatch(stdout.Text())
	where := []string{"--local", "--local-api-url", addresses[1], "--local-aws-url", addresses[2]}
	// These lines are without chunks of a long one, which are a single line when they are stored.
	wantCode(t, command(t, nil, append(where, "simulate", "-a", "shop", "--lines", "200", "--seed", "1")...), 0)
	logs := func() int {
		return strings.Count(command(t, nil, append(where, "logs", "-a", "shop", "-n", "1000")...).stdout, "\n")
	}
	if n := logs(); n > 0 && !strings.Contains(stderr.String(), " is over.") { // on a busy machine it may be
		t.Errorf("%d lines were stored in spite of the fault", n)
	}
	localtest.Eventually(t, "the fault is over", func() bool { return strings.Contains(stderr.String(), "The fault storage:4s is over.") })
	localtest.Eventually(t, "all lines are stored", func() bool { return logs() >= 200 })
	wantIn(t, "stderr", stderr.String(), "Fault logs:3s: CloudWatch Logs takes no lines.", "Fault storage:4s: The storage function fails.",
		"tried again after 10s (on AWS: 6m0s)", "The fault logs:3s is over.")
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
