package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
	} {
		s.store(at.Add(time.Duration(i)*time.Millisecond), line.stored)
		got := s.must("logs", "-a", "shop", "-n", "1")
		if diff := cmp.Diff(line.want+"\n", got.stdout); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line.stored, diff)
		}
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
