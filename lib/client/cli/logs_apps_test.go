package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
)

// newShops returns a system with lines of shop, shop-api (as JSON) and blog, of a minute ago and one millisecond after the other.
func newShops(t *testing.T) (*system, time.Time) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.must("put", "-a", "shop-api", "--format", "json")
	s.must("put", "-a", "blog")
	at := time.Now().Add(-time.Minute).Truncate(time.Second).UTC()
	for i, line := range []struct{ app, source, process, message string }{
		{"shop", "app", "web.1", "one"},
		{"blog", "app", "web.1", "two"},
		{"shop-api", "heroku", "router", requestLine("service=1200ms status=503")},
		{"shop", "heroku", "router", requestLine("service=18ms status=200")},
		{"shop-api", "app", "web.2", `{"level":"error","msg":"three","request_id":"` + requestID + `"}`},
		{"blog", "app", "worker.1", "ERROR four"},
	} {
		l := logformat.Line{
			Time: at.Add(time.Duration(i) * time.Millisecond), Source: []byte(line.source), Process: []byte(line.process), Message: []byte(line.message),
		}
		format := logformat.Text()
		if line.app == "shop-api" {
			format = logformat.JSON()
		}
		s.storeIn(line.app, l.Time, string(format.Append(nil, &l)))
	}
	return s, at
}

const requestID = "4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41"

// requestLine returns the message of a router line that ends with these figures.
func requestLine(figures string) string {
	return `at=info method=GET path="/a b" host=shop.example request_id=` + requestID + ` fwd="192.0.2.1" dyno=web.2 connect=1ms ` + figures + ` bytes=7 protocol=https`
}

func TestLogsOfSeveralApps(t *testing.T) {
	s, at := newShops(t)
	stamp := func(n int) string {
		return at.Add(time.Duration(n) * time.Millisecond).Format("2006-01-02T15:04:05.000000+00:00")
	}
	want := []string{
		"shop  " + stamp(0) + " app[web.1]: one",
		"blog  " + stamp(1) + " app[web.1]: two",
		"shop  " + stamp(3) + " heroku[router]: " + requestLine("service=18ms status=200"),
		"blog  " + stamp(5) + " app[worker.1]: ERROR four",
	}
	for _, args := range []string{"-a shop -a blog", "-a blog -a shop -a shop", "-a shop -a b*g -n 4"} {
		got := s.must(append([]string{"logs"}, strings.Fields(args)...)...).stdout
		if diff := cmp.Diff(strings.Join(want, "\n")+"\n", got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", args, diff)
		}
	}
	want = []string{
		"blog      " + stamp(1) + " app[web.1]: two",
		"shop-api  " + stamp(2) + " heroku[router]: " + requestLine("service=1200ms status=503"),
	}
	all := s.must("logs", "--all").stdout
	for _, line := range want {
		wantIn(t, "all apps", all, line+"\n")
	}
	if n := strings.Count(all, "\n"); n != 6 {
		t.Errorf("%d lines of all apps", n)
	}
	if one := s.must("logs", "-a", "b*").stdout; !strings.HasPrefix(one, stamp(1)) {
		t.Errorf("a pattern that one app matches: %s", one)
	}
}

func TestLogsThatFlagsSelect(t *testing.T) {
	s, _ := newShops(t)
	for args, want := range map[string]string{
		"--all --status 5xx":                                       "503",
		"--all --status 200,503":                                   "503 200",
		"--all --slower-than 1s":                                   "503",
		"--all --slower-than 10ms":                                 "503 200",
		"--all --level error":                                      "503 three four",
		"--all --level error --source app":                         "three four",
		"-a shop* --process router":                                "503 200",
		"-a shop* --level error --status 503":                      "503",
		"--request-id " + requestID:                                "503 200 three",
		"--request-id " + requestID + " -a shop":                   "200",
		"--request-id " + requestID + " --source app":              "three",
		"--request-id " + requestID + " --since 1h --status 2xx":   "200",
		"-a blog --filter ERROR":                                   "four",
		"-a shop-api --filter three --level error --format short":  "three",
		"-a blog --since today --until 1s":                         "two four",
		"-a blog --level critical":                                 "",
		"--all --status 5xx --since 1h --slower-than 2s -n 5":      "",
		"--all --status=5xx --process router --source heroku -n 1": "503",
	} {
		if strings.Contains(args, "today") && time.Now().UTC().Hour() == 0 && time.Now().UTC().Minute() < 2 {
			continue // the lines may be of yesterday
		}
		var got []string
		for line := range strings.Lines(s.must(append([]string{"logs"}, strings.Fields(args)...)...).stdout) {
			for _, word := range []string{"status=503", "status=200", "one", "two", "three", "four"} {
				if strings.Contains(line, word) {
					got = append(got, strings.TrimPrefix(word, "status="))
				}
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", args, diff)
		}
	}
}

func TestLogsOfARequestAreOfTheLastDay(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now().Add(-25*time.Hour), "app[web.1]: yesterday "+requestID)
	s.store(time.Now().Add(-23*time.Hour), "app[web.1]: today "+requestID)
	for args, want := range map[string]int{"": 1, "--since 2d": 2, "-n 5": 2, "--until 24h": 1} {
		got := s.must(append([]string{"logs", "--request-id", requestID}, strings.Fields(args)...)...).stdout
		if n := strings.Count(got, "\n"); n != want {
			t.Errorf("%q: %d lines", args, n)
		}
	}
}

func TestLogsInEachFormat(t *testing.T) {
	s, at := newShops(t)
	clock := at.Local().Format(time.TimeOnly)
	if diff := cmp.Diff(clock+" web.1    two\n"+clock+" worker.1 ERROR four\n", s.must("logs", "-a", "blog", "--format", "short").stdout); diff != "" {
		t.Errorf("short (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("one\ntwo\n", s.must("logs", "-a", "shop", "-a", "blog", "--format", "raw", "--process", "web").stdout); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
	local := at.Local().Format("2006-01-02T15:04:05.000000-07:00") + " app[web.1]: one\n"
	if diff := cmp.Diff(local, s.must("logs", "-a", "shop", "--local-time", "-p", "web").stdout); diff != "" {
		t.Errorf("local time (-want +got):\n%s", diff)
	}
	type object struct {
		ID, Time, App, Source, Process, Message string
		Status                                  int
	}
	var got []object
	for line := range strings.Lines(s.must("logs", "--request-id", requestID, "--format", "json").stdout) {
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil || o.ID == "" {
			t.Errorf("%s: %v", line, err)
		}
		o.ID, o.Message = "", o.Message[:8]
		got = append(got, o)
	}
	stamp := func(n int) string { return fmt.Sprintf("%s.00%d000Z", at.Format("2006-01-02T15:04:05"), n) }
	if diff := cmp.Diff([]object{
		{"", stamp(2), "shop-api", "heroku", "router", "at=info ", 503},
		{"", stamp(3), "shop", "heroku", "router", "at=info ", 200},
		{"", stamp(4), "shop-api", "app", "web.2", `{"level"`, 0},
	}, got); diff != "" {
		t.Errorf("json (-want +got):\n%s", diff)
	}
}

func TestLogsThatCannotBeChosenSo(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	for args, want := range map[string]string{
		"":                                      "no app given: add its name, -a NAME, or --all",
		"-a shop --status 6xx":                  `--status: "6xx" is not an HTTP status (503) or a class of them (5xx)`,
		"-a shop --level loud":                  `--level: "loud" is not a level`,
		"--request-id x":                        `--request-id: "x" is not a request ID`,
		"-a shop --status 5xx --process web":    "--status and --slower-than select lines of the router",
		"-a shop --slower-than 1s --source app": "--status and --slower-than select lines of the router",
		"-a shop --slower-than=-1s":             "--slower-than must not be negative",
		"-a shop --json --format raw":           "--json and --format raw cannot be used together",
		"-a shop --since soon":                  `"soon" is not an age (90s, 15m, 2h, 7d, 1w)`,
		"-a shop --since 1h --until 2h":         "--until is before --since",
		"-a shop --tail --until 1h":             "--tail and --until cannot be used together",
		"-a shop[":                              "is not a valid pattern",
	} {
		got := command(t, nil, s.local(append([]string{"logs"}, strings.Fields(args)...)...)...)
		if got.code != 2 {
			t.Errorf("%s: exit code %d", args, got.code)
		}
		wantIn(t, args, got.stderr, want)
	}
	for args, want := range map[string]string{
		"-a nope":         "nope has no drain. Create one: `heroku-drains-cli ",
		"-a shop -a nope": "nope has no drain. Create one: `heroku-drains-cli ",
		"-a nope*":        "no drain is for an app whose name matches nope*. All drains: `heroku-drains-cli ",
	} {
		got := command(t, nil, s.local(append([]string{"logs"}, strings.Fields(args)...)...)...)
		if got.code != 1 {
			t.Errorf("%s: exit code %d", args, got.code)
		}
		wantIn(t, args, got.stderr, want)
	}
}
