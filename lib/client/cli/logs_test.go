package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
)

func TestLogsPrintsLinesAsHerokuDoes(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	at := time.Now().Add(-time.Hour).Truncate(time.Second).UTC()
	stamp := at.Format("2006-01-02T15:04:05")
	for i, line := range []struct{ stored, want string }{
		{"app[web.1]: hello", stamp + ".000000+00:00 app[web.1]: hello"},
		{"heroku[router]: at=info path=\"/a]: b\"", stamp + ".001000+00:00 heroku[router]: at=info path=\"/a]: b\""},
		{`{"time":"` + stamp + `.002345Z","app":"shop","source":"app","process":"web.2","severity":"info","message":"caf\u00e9 \u001b[32mok"}`,
			stamp + ".002345+00:00 app[web.2]: café \x1b[32mok"},
		{`{"time":"` + stamp + `.003000Z","app":"shop","source":"app","process":"web.2","message":""}`, stamp + ".003000+00:00 app[web.2]: "},
		{"app[postgres.1]: SELECT *\n\tFROM t", stamp + ".004000+00:00 app[postgres.1]: SELECT *\n\tFROM t"},
		{`{"level":"info"}`, stamp + `.005000+00:00 {"level":"info"}`},
		{"written by hand: app[web.1]: x", stamp + ".006000+00:00 written by hand: app[web.1]: x"},
		{"heroku-drains[malformed]: 12", stamp + ".007000+00:00 heroku-drains[malformed]: 12"},
		{"[web.1]: x", stamp + ".008000+00:00 [web.1]: x"},
		// What format text says in the line, format json says in fields of its own.
		{`{"time":"` + stamp + `.009000Z","source":"app","process":"web.1","original_time":"2014-12-08T22:17:12+00:00","message":"old"}`,
			stamp + ".009000+00:00 app[web.1]: old [original time 2014-12-08T22:17:12+00:00]"},
		{`{"time":"` + stamp + `.010000Z","source":"app","process":"web.1","original_time":"-","message":"x"}`,
			stamp + ".010000+00:00 app[web.1]: x [no readable time]"},
		{`{"time":"` + stamp + `.011000Z","source":"app","process":"web.1","original_time":"","message":"x"}`,
			stamp + ".011000+00:00 app[web.1]: x [no readable time]"},
		{`{"time":"` + stamp + `.012000Z","source":"app","process":"web.1","continued":true,"message":"end"}`,
			stamp + ".012000+00:00 app[web.1]: [continued] end"},
		{`{"time":"` + stamp + `.013000Z","source":"app","process":"web.1","original_time":"2026-11-20T12:00:00,123Z","message":"comma"}`,
			stamp + ".013000+00:00 app[web.1]: comma [no readable time: 2026-11-20T12:00:00,123Z]"},
		// A field whose name differs by a capital alone is not the message.
		{`{"time":"` + stamp + `.014000Z","source":"app","process":"web.1","message":"{\"Message\":\"x\"}","Message":"x","Time":"noon"}`,
			stamp + `.014000+00:00 app[web.1]: {"Message":"x"}`},
		{"app[web.1]: \x1b]0;title\a\x1b[2J\r", stamp + ".015000+00:00 app[web.1]: \x1b]0;title\a\x1b[2J\r"},
		{`{"time":"` + stamp + `.016000Z","source":"app","process":"web.1","syslog_priority":"999","syslog_host":"shop","message":"x"}`,
			stamp + ".016000+00:00 app[web.1]: x [host shop] [priority 999]"},
	} {
		s.store(at.Add(time.Duration(i)*time.Millisecond), line.stored)
		got := s.must("logs", "-a", "shop", "-n", "1")
		if diff := cmp.Diff(line.want+"\n", got.stdout); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line.stored, diff)
		}
	}
}

// What a dyno's JSON says under names like ours is not where the line comes from. The storage function writes the events.
func TestLogsReadsDynosJSONExactly(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop", "--format", "json")
	at := time.Now().Add(-time.Minute).Truncate(time.Second).UTC()
	var want []string
	for i, text := range []string{
		`{"Level":"Error","Message":"short","Source":"heroku","Process":"router","customer":42}`,
		`{"MESSAGE":"","Secret":1,"App":"blog"}`, `{"Time":"2020-01-01T00:00:00Z","x":1}`,
		`{"Original_Time":"-","Malformed":true,"Continued":true,"Severity":1}`, `{"Syslog_Host":"a","message":"b"}`,
	} {
		l := logformat.Line{Time: at.Add(time.Duration(i) * time.Millisecond), Source: []byte("app"), Process: []byte("web.1"), Message: []byte(text)}
		s.store(l.Time, string(logformat.JSON().Append(nil, &l)))
		want = append(want, l.Time.Format("2006-01-02T15:04:05.000000-07:00")+" app[web.1]: "+text)
	}
	got := s.must("logs", "-a", "shop", "--since", "1h", "--source", "app", "--process", "web").stdout
	if diff := cmp.Diff(strings.Join(want, "\n")+"\n", got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if none := s.must("logs", "-a", "shop", "--since", "1h", "--source", "heroku").stdout; none != "" {
		t.Errorf("of heroku: %s", none)
	}
}

func TestLogsTakesAWindowOfLines(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	hour := time.Now().Truncate(time.Second).Add(-time.Hour)
	for minute := range 6 {
		s.store(hour.Add(time.Duration(minute)*time.Minute), "app[web.1]: "+strings.Repeat("x", minute+1))
	}
	moment := func(minute int) string { return hour.Add(time.Duration(minute) * time.Minute).Format(time.RFC3339) }
	for name, tt := range map[string]struct {
		args string
		want []int // lengths of the lines' texts
	}{
		"everything":          {"", []int{1, 2, 3, 4, 5, 6}},
		"since, included":     {"--since " + moment(3), []int{4, 5, 6}},
		"until, included":     {"--until " + moment(2), []int{1, 2, 3}},
		"between":             {"--since " + moment(1) + " --until " + moment(3), []int{2, 3, 4}},
		"the last ones":       {"-n 2", []int{5, 6}},
		"the last ones until": {"-n 2 --until " + moment(2), []int{2, 3}},
		"the last ones since": {"-n 2 --since " + moment(4), []int{5, 6}},
		"fewer than wanted":   {"-n 9", []int{1, 2, 3, 4, 5, 6}},
		"ago":                 {"--since 10m", nil},
		"from days ago":       {"--since 1d -n 1", []int{6}},
		"since a date":        {"--since " + hour.UTC().AddDate(0, 0, -1).Format(time.DateOnly) + " -n 1", []int{6}},
		"until a date":        {"--until " + hour.UTC().Format(time.DateOnly), nil},
		"filtered":            {"--filter xxxxx", []int{5, 6}},
		"filtered, last":      {"--filter xx -n 1 --until " + moment(2), []int{3}},
	} {
		var lengths []int
		for line := range strings.Lines(s.must(append([]string{"logs", "-a", "shop"}, strings.Fields(tt.args)...)...).stdout) {
			lengths = append(lengths, strings.Count(line, "x"))
		}
		if diff := cmp.Diff(tt.want, lengths); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLogsReadsMoreThanAPage(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	hour := time.Now().Add(-time.Hour)
	long := strings.Repeat("y", 900_000) // a page holds 1 MB
	for i := range 3 {
		s.store(hour.Add(time.Duration(i)*time.Second), "app[web.1]: "+long)
	}
	for _, args := range [][]string{{"--since", "2h"}, {"-n", "3"}} {
		got := s.must(append([]string{"logs", "-a", "shop"}, args...)...)
		if n := strings.Count(got.stdout, "\n"); n != 3 {
			t.Errorf("%q: %d lines", args, n)
		}
	}
}

func TestRawLogs(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	at := time.Now().Truncate(time.Millisecond)
	s.store(at, "app[web.1]: <a & b>")
	for _, args := range [][]string{{"logs", "-a", "shop", "--json"}, {"--output", "json", "logs", "-a", "shop"}} {
		var event struct {
			LogStreamName, Message, EventID string
			Timestamp, IngestionTime        int64
		}
		if err := json.Unmarshal([]byte(s.must(args...).stdout), &event); err != nil {
			t.Fatal(err)
		}
		if event.LogStreamName != "[APP]shop" || event.Message != "app[web.1]: <a & b>" || event.Timestamp != at.UnixMilli() ||
			event.EventID == "" || event.IngestionTime == 0 {
			t.Errorf("event %+v", event)
		}
	}
}

func TestLogsOfASourceOrAProcess(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	at := time.Now().Add(-time.Minute).Truncate(time.Second)
	stamp := at.UTC().Format("2006-01-02T15:04:05.000000Z")
	for i, stored := range []string{
		"app[web.1]: 0 worker.1 heroku router",
		"app[web.10]: 1",
		"app[worker.1]: 2 web.1",
		"heroku[web.1]: 3",
		"heroku[router]: 4 app web.1",
		`{"time":"` + stamp + `","app":"shop","source":"app","process":"web.2","message":"5"}`,
		`{"time":"` + stamp + `","app":"shop","source":"heroku","process":"router","message":"6 web.1 app"}`,
		"by hand: app web.1",
	} {
		s.store(at.Add(time.Duration(i)*time.Millisecond), stored)
	}
	for args, want := range map[string]string{
		"--source app":                          "0 1 2 5",
		"-s heroku":                             "3 4 6",
		"--source heroku --process web.1":       "3",
		"-p web.1":                              "0 3",
		"--process web":                         "0 1 3 5",
		"--process worker":                      "2",
		"-p router -n 1":                        "6",
		"-p web -n 2":                           "3 5",
		"--process worker --filter web":         "2",
		"--source app --filter worker":          "0 2",
		"--process we":                          "",
		`--process web"`:                        "",
		"--source app --since 1h -p web --json": "0 1 5",
	} {
		var got []string
		for line := range strings.Lines(s.must(append([]string{"logs", "-a", "shop"}, strings.Fields(args)...)...).stdout) {
			for _, mark := range []string{"]: ", `"message\":\"`} {
				if _, text, found := strings.Cut(line, mark); found {
					got = append(got, text[:1])
					break
				}
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", args, diff)
		}
	}
}

func TestAFilterThatCannotFindAnything(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.must("put", "-a", "blog", "--format", "json")
	note := "A filter in braces matches only JSON lines, but the lines of shop are stored as text. " +
		"To store new lines as JSON: `heroku-drains-cli " + strings.Join(s.local(), " ") + " put -a shop --format json`\n"
	for _, tt := range []struct{ app, filter, stderr string }{
		{"shop", "{ $.status >= 500 }", note},
		{"shop", " {$.status=503}", note},
		{"shop", "status", ""},
		{"blog", "{ $.status >= 500 }", ""},
		{"blog", `{ $.message = "*H12*" }`, "Not every JSON line has $.message: it is left out where the rest of the event says the same. " +
			"To look for text, give words: --filter '\"code=H12\"'\n"},
		{"blog", `{ $.data.message = "*H12*" || $.messages = 1 }`, ""},
	} {
		got := s.must("logs", "-a", tt.app, "--filter", tt.filter)
		if diff := cmp.Diff(tt.stderr, got.stderr); diff != "" {
			t.Errorf("%s, %s: stderr (-want +got):\n%s", tt.app, tt.filter, diff)
		}
	}
}

// A hyphen inside a word excludes lines, also those that were asked for.
func TestAFilterWithAHyphenInAWord(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop")
	s.store(time.Now(), "app[heroku-postgres]: source=DATABASE")
	hint := "CloudWatch Logs reads heroku-postgres in a filter as the terms heroku -postgres, and a term with - excludes lines. " +
		"To find the text itself, put it in double quotes: --filter '\"heroku-postgres\"'\n"
	for _, tt := range []struct{ filter, stderr string }{
		{"heroku-postgres", hint}, {`source "a-b" -heroku-postgres`, hint}, {`"a\"b" heroku-postgres`, hint},
		{`"heroku-postgres"`, ""}, {"-healthcheck", ""}, {`heroku -"a-b" -postgres`, ""}, {"?heroku ?postgres", ""}, {"source", ""}, {`%a-b%`, ""},
	} {
		got := s.must("logs", "-a", "shop", "--filter="+tt.filter)
		if diff := cmp.Diff(tt.stderr, got.stderr); diff != "" {
			t.Errorf("%s: stderr (-want +got):\n%s", tt.filter, diff)
		}
		if found := got.stdout != ""; found != (tt.filter == `"heroku-postgres"` || tt.filter == "-healthcheck" || tt.filter == "source" || tt.filter == "?heroku ?postgres") {
			t.Errorf("%s: stdout %q", tt.filter, got.stdout)
		}
	}
}

func TestAFilterThatCloudWatchDoesNotTake(t *testing.T) {
	s := newSystem(t)
	s.must("put", "-a", "shop", "--format", "json")
	for filter, why := range map[string]string{
		"{ $.":     "must end with '}'; a condition looks like --filter '{ $.status >= 500 }'; see https://",
		"code=H12": `Invalid character(s) in term '='; put a term with anything but letters and digits in double quotes, as in --filter '"code=H12"'`,
	} {
		for _, more := range [][]string{{"--since", "1h"}, {"-n", "1"}, {"--tail"}} {
			got := command(t, nil, s.local(append([]string{"logs", "-a", "shop", "--filter", filter}, more...)...)...)
			wantCode(t, got, 2)
			wantIn(t, "stderr", got.stderr, "error: read the logs of shop: CloudWatch Logs rejected the filter "+filter+": ", why)
			if strings.Contains(got.stderr, "StatusCode") {
				t.Errorf("stderr has the SDK's words: %s", got.stderr)
			}
		}
	}
}
