package cli_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/client/term/termtest"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// A screen is 80 × 24 characters: the size of a terminal that nobody has made larger.
const screenColumns, screenRows = 80, 24

// view is where a verb prints: a terminal, a pipe, or a terminal without colors.
var views = []string{"terminal", "pipe", "NO_COLOR"}

// step is a command line of the session that the screens show.
type step struct {
	verb  string // the file of its screens
	line  string // the command line; its words have no spaces
	code  int    // the exit code
	types string // what is typed when the verb asks; a pipe is not asked, so its exit code is 2
	stdin string // of a pipe; a terminal has none
	until string // Ctrl-C is pressed when this is printed
	rows  int    // only so many are compared; 0: all
	then  func(*screens)
}

// session is what the screens show: every verb, at work and refused.
func session() []step {
	return []step{
		{verb: "program", line: ""},
		{verb: "program", line: "nonsense", code: 2},
		{verb: "program", line: "remove shop", code: 2},
		{verb: "help", line: "help get", rows: 4}, // testdata/help has all of it
		{verb: "help", line: "help nonsense", code: 2},
		{verb: "version", line: "version"},
		{verb: "completion", line: "completion", code: 2},

		{verb: "list", line: "list"},
		{verb: "list", line: "list --yes", code: 2},
		{verb: "put", line: "put shop --dry-run"},
		{verb: "put", line: "put shop"},
		{verb: "put", line: "put shop --format json"},
		{verb: "put", line: "put blog --no-heroku"},
		{verb: "put", line: "put nope", code: 1},
		{verb: "put", line: "put", code: 2},
		{verb: "get", line: "get shop"},
		{verb: "get", line: "get nope", code: 1},
		{verb: "list", line: "list"},
		{verb: "list", line: "list -a s* --output json"},

		{verb: "logs", line: "logs blog"},
		{verb: "logs", line: "logs nope", code: 1, then: (*screens).storeLines},
		{verb: "logs", line: "logs shop -n 3"},
		{verb: "logs", line: "logs shop -n 3 --format short"},
		{verb: "logs", line: "logs shop --filter nothing"},
		{verb: "logs", line: "logs shop --since sometime", code: 2},
		{verb: "trace", line: "trace 4c7a6b0e1b0f4a529a3e2f7d8c6b5a41"},
		{verb: "trace", line: "trace 000000001b0f4a529a3e2f7d8c6b5a41", code: 1},

		{verb: "cost", line: "cost --apps 20 --gb 50"},
		{verb: "cost", line: "cost --gb 50", code: 2},

		{verb: "alerts", line: "alerts", code: 2},
		{verb: "alerts_list", line: "alerts list"},
		{verb: "alerts_rules", line: "alerts rules shop --file alerts.yaml", rows: 8},
		{verb: "alerts_check", line: "alerts check alerts.yaml"},
		{verb: "alerts_check", line: "alerts check wrong.yaml", code: 1},
		{verb: "alerts_test", line: "alerts test shop --file alerts.yaml", stdin: "2026-11-27T10:00:00+00:00 app[web.1]: out of tea\n"},
		{verb: "alerts_mute", line: "alerts mute shop --rule H12 --for 2h"},
		{verb: "alerts_list", line: "alerts list"},
		{verb: "alerts_unmute", line: "alerts unmute shop --rule H12"},
		{verb: "alerts_send-test", line: "alerts send-test shop"},

		{verb: "doctor", line: "doctor", code: 1},
		{verb: "doctor", line: "doctor shop"},
		{verb: "redrive", line: "redrive --list"},
		{verb: "redrive", line: "redrive"},
		{verb: "sync", line: "sync fleet.yaml --dry-run"},
		{verb: "sync", line: "sync fleet.yaml"},
		{verb: "sync", line: "sync fleet.yaml"},
		{verb: "rotate", line: "rotate --dry-run"},
		{verb: "rotate", line: "rotate", types: "HerokuDrains"},
		{verb: "rotate", line: "rotate -a shop --confirm shop"},
		{verb: "simulate", line: "simulate tea --lines 20 --seed 7"},
		{verb: "simulate", line: "simulate tea --scenario r14 --seed 7"},
		{verb: "console", line: "console", until: "Ctrl-C ends the page."},
		{verb: "local", line: "local --api-addr 127.0.0.1:0 --aws-addr 127.0.0.1:0", until: "alerts list"},

		{verb: "delete", line: "delete shop --dry-run"},
		{verb: "delete", line: "delete shop", types: "shopping"},
		{verb: "delete", line: "delete shop", types: "shop"},
		{verb: "delete", line: "delete blog --keep-logs --confirm blog"},
		{verb: "delete", line: "delete nope", code: 1},
	}
}

// The files of the session.
const (
	fleetYAML  = "apps:\n  shop: {format: text}\n  news:\n"
	alertsYAML = "regexps:\n  tea: {pattern: out of tea, threshold: 1}\n"
	wrongYAML  = "regexps:\n  tea: {patern: out of tea}\n"
)

// screens is a system whose verbs are shown.
type screens struct {
	*fleet
	view  string
	shown map[string]string // by verb
}

// TestScreens compares what each verb shows with the files in testdata/screens: on a terminal of 80 × 24, in a pipe, and with NO_COLOR. What
// differs each time, such as times and IDs, is replaced.
func TestScreens(t *testing.T) {
	skipWithRaceDetector(t)
	dir, err := filepath.Abs(filepath.Join("testdata", "screens"))
	localtest.Must(t, err)
	found := map[string]string{}
	for _, view := range views {
		t.Run(view, func(t *testing.T) {
			for verb, shown := range newScreens(t, view).play() {
				found[verb] += shown
			}
		})
	}
	if t.Failed() {
		return
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	localtest.Must(t, err)
	for _, file := range files {
		if verb := strings.TrimSuffix(filepath.Base(file), ".txt"); found[verb] == "" {
			t.Errorf("%s shows no verb", file)
		}
	}
	for verb, got := range found {
		file := filepath.Join(dir, verb+".txt")
		if *update {
			localtest.Must(t, os.WriteFile(file, []byte(got), 0o644))
		}
		want, err := os.ReadFile(file)
		localtest.Must(t, err)
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got), `go test ./lib/client/cli -run TestScreens -update` writes it:\n%s", file, diff)
		}
	}
}

func newScreens(t *testing.T, view string) *screens {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", map[string]string{"NO_COLOR": "1"}[view])
	t.Setenv("TZ", "UTC")
	s := &screens{fleet: newFleet(t), view: view, shown: map[string]string{}}
	s.heroku.AddApp(herokufake.App{Name: "shop"})
	s.heroku.AddApp(herokufake.App{Name: "news"})
	s.heroku.AddApp(herokufake.App{Name: "blog"})
	t.Setenv("HEROKU_DRAINS_LOCAL", "true")
	t.Setenv("HEROKU_DRAINS_LOCAL_API_URL", s.AWS.APIURL())
	t.Setenv("HEROKU_DRAINS_LOCAL_AWS_URL", s.AWS.AWSURL())
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"fleet.yaml": fleetYAML, "alerts.yaml": alertsYAML, "wrong.yaml": wrongYAML} {
		localtest.Must(t, os.WriteFile(name, []byte(text), 0o644))
	}
	return s
}

// storeLines stores lines of shop with what logs and trace show.
func (s *screens) storeLines() {
	const id = "4c7a6b0e1b0f4a529a3e2f7d8c6b5a41"
	at := time.Now()
	for i, line := range []string{
		"heroku[web.1]: State changed from starting to up",
		"app[web.1]: [" + id + "] Started GET \"/checkout\"",
		`heroku[router]: at=info method=GET path="/checkout" host=shop.example.com request_id=` + id +
			` fwd="203.0.113.7" dyno=web.1 connect=1ms service=1204ms status=503 bytes=512 protocol=https`,
	} {
		s.store(at.Add(time.Duration(i)*time.Millisecond), line)
	}
}

// play runs the session, and returns what its verbs show.
func (s *screens) play() map[string]string {
	for _, st := range session() {
		code, shown := s.run(st)
		want := st.code
		if st.types != "" && (s.view == "pipe" || !slices.Contains([]string{"shop", "HerokuDrains"}, st.types)) {
			want = 2
		}
		if code != want {
			s.t.Errorf("%s: exit code %d, want %d:\n%s", st.line, code, want, shown)
		}
		if s.view == "NO_COLOR" && strings.Contains(shown, escape) {
			s.t.Errorf("%s has colors: %q", st.line, shown)
		}
		if s.shown[st.verb] == "" {
			s.shown[st.verb] = fmt.Sprintf("==== %s\n", s.view)
		}
		if rows := strings.SplitAfter(shown, "\n"); st.rows > 0 && len(rows) > st.rows {
			shown = strings.Join(rows[:st.rows], "") + "…\n"
		}
		s.shown[st.verb] += fmt.Sprintf("%s\n%s[exit code %d]\n", strings.TrimRight("$ heroku-drains-cli "+st.line, " "), shown, code)
		if st.types == "" && st.until == "" && s.view == "pipe" && strings.Contains(shown, "\x1b") {
			s.t.Errorf("%s has colors in a pipe: %q", st.line, shown)
		}
		if st.then != nil {
			st.then(s)
		}
	}
	return s.shown
}

// run runs a step, and returns its exit code and what it shows.
func (s *screens) run(st step) (int, string) {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	args := strings.Fields(st.line)
	if s.view == "pipe" {
		stdout, stderr := &watched{seen: st.until, then: cancel}, &watched{seen: st.until, then: cancel}
		code := cli.MainThatWaits(ctx, args, strings.NewReader(st.stdin), stdout, stderr, hurry)
		return code, section("stdout", stdout.String()) + section("stderr", stderr.String())
	}
	pty := termtest.Open(s.t)
	pty.Resize(screenColumns, screenRows)
	ended := make(chan int, 1)
	stdin := pty.Program
	if st.stdin != "" {
		stdin = s.pipe(st.stdin)
	}
	go func() { ended <- cli.MainThatWaits(ctx, args, stdin, pty.Program, pty.Program, hurry) }()
	switch {
	case st.types != "":
		pty.Await("To proceed, ")
		pty.Type(st.types + "\n")
	case st.until != "":
		pty.Await(st.until)
		cancel()
	}
	code := <-ended
	fmt.Fprint(pty.Program, lastOutput) // a terminal may forget what it has not shown when it is closed
	pty.Await(lastOutput)
	return code, termtest.Text(replaced(strings.ReplaceAll(pty.Finish(), lastOutput, "")), screenColumns)
}

// lastOutput is printed after a program has ended.
const lastOutput = "(end of the output)"

// pipe returns a pipe with text in it.
func (s *screens) pipe(text string) *os.File {
	r, w, err := os.Pipe()
	localtest.Must(s.t, err)
	s.t.Cleanup(func() { r.Close() })
	_, err = w.WriteString(text)
	localtest.Must(s.t, err)
	localtest.Must(s.t, w.Close())
	return r
}

// section returns a stream of a pipe with its name, or nothing if it is empty.
func section(name, text string) string {
	if text == "" {
		return ""
	}
	return "-- " + name + "\n" + replaced(text)
}

// watched is a stream that calls then when it has seen a text.
type watched struct {
	localtest.Buffer
	seen string
	then func()
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if w.seen != "" && strings.Contains(w.String(), w.seen) {
		w.then()
	}
	return n, err
}

// replacements are what differs each time, and what stands for it. They have the same length where columns depend on it.
var replacements = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}`), "2026-11-27T10:00:00.000000"},
	{regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "2026-11-27T10:00:00Z"},
	{regexp.MustCompile(`20\d\d-\d\d-\d\d \d\d:\d\d`), "2026-11-27 10:00"},
	{regexp.MustCompile(`\d\d:\d\d:\d\d`), "10:00:00"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "00000000-0000-4000-8000-000000000000"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:50000"},
	{regexp.MustCompile(`Today {9}[^\r\n]*`), "Today         no lines since midnight (UTC)"}, // queries find lines late
	{regexp.MustCompile(`stored after [0-9.]+m?s`), "stored after 312ms"},
	{regexp.MustCompile(`stored after [0-9.]+ s`), "stored after 0.31 s"},
	{regexp.MustCompile(`test line [A-Z2-7]{26}`), "test line ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
	{regexp.MustCompile(`#token=[\w-]+`), "#token=TOKEN"},
	{regexp.MustCompile(`:[\w-]{32}@`), ":PASSWORDPASSWORDPASSWORDPASSWORD@"},
	{regexp.MustCompile(`heroku-drains-cli (\(devel\)|v)\S* .*go1\S+ \S+`), "heroku-drains-cli v1.2.0 (commit 8f4dcf9), go1.26.8 linux/amd64"},
	{regexp.MustCompile(`1/2 \w+: \w+(\r?\n)2/2 \w+: \w+`), "1/2 APP: DONE${1}2/2 APP: DONE"}, // in the order in which they end
}

func replaced(text string) string {
	for _, r := range replacements {
		text = r.pattern.ReplaceAllString(text, r.with)
	}
	return text
}
