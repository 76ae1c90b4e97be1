package alerts_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/alerts"
)

func TestReadLines(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	const input = `2026-11-27T10:00:00.123456+00:00 heroku[router]: at=error code=H12 desc="Request timeout"
2026-11-27T10:00:01+00:00 app[web.1]: hello
app[web.1]: without a time

{"time":"2026-11-27T10:00:02.000001Z","app":"shop","source":"app","process":"web.2","severity":"info","message":"stored as JSON"}
{"logStreamName":"[APP]shop","timestamp":1795255203000,"message":"app[worker.1]: an event","eventId":"1"}
    at the second line of a stack trace
{"level":"info"}
` + "\x1b[36m2026-11-27T10:00:03+00:00 app[\x1b[1mweb.1\x1b[22m]:\x1b[0m saved from a \x1b[32mterminal\x1b[0m\n\x1b[0m\n" + `2026-11-27T10:00:04+00:00 app[web.1]: the last one, ` + "\xff\r"
	got, err := alerts.ReadLines(strings.NewReader(input), now)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range got.Lines {
		lines = append(lines, fmt.Sprintf("%s %s[%s] %s", l.Time.UTC().Format(time.RFC3339Nano), l.Source, l.Process, l.Message))
	}
	want := []string{
		`2026-11-27T10:00:00.123456Z heroku[router] at=error code=H12 desc="Request timeout"`,
		"2026-11-27T10:00:01Z app[web.1] hello",
		"2026-11-27T12:00:00Z app[web.1] without a time",
		"2026-11-27T10:00:02.000001Z app[web.2] stored as JSON",
		"2026-11-21T10:00:03Z app[worker.1] an event",
		"2026-11-27T10:00:03Z app[web.1] saved from a terminal",
		"2026-11-27T10:00:04Z app[web.1] the last one, \ufffd",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if got.Unknown != 2 {
		t.Errorf("%d unknown lines, want 2", got.Unknown)
	}
}

func TestLinesOfUnknownSeverity(t *testing.T) {
	const input = `2026-11-27T10:00:00+00:00 app[web.1]: text
app[web.1]: {"level":"debug","msg":"x"}
app[web.1]: {"severity":10}
app[web.1]: {"msg":"no level"}
{"time":"2026-11-27T10:00:02.000001Z","app":"shop","source":"app","process":"web.2","severity":"info","message":"stored as JSON"}
`
	in, err := alerts.ReadLines(strings.NewReader(input), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	rules := []alert.Rule{
		{Name: "H12", Kind: alert.Codes}, {Name: "assets", Kind: alert.Drop, Path: "^/assets/"},
		{Name: "debug", Kind: alert.Drop, Severity: "debug"}, {Name: "old", Kind: alert.Drop, Severity: "info", Off: true},
	}
	want := &alerts.Untried{Rules: []string{"debug"}, Lines: 2}
	if diff := cmp.Diff(want, alerts.UntriedOn(rules, in.Lines)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := alerts.UntriedOn(rules[:2], in.Lines); got != nil {
		t.Errorf("without a rule that needs the severity: %+v", got)
	}
	if got := alerts.UntriedOn(rules, in.Lines[1:3]); got != nil {
		t.Errorf("lines with levels: %+v", got)
	}
}

func TestReadLinesFails(t *testing.T) {
	broken := errors.New("broken pipe")
	input := io.MultiReader(strings.NewReader("app[web.1]: x\n"), iotest.ErrReader(broken))
	if got, err := alerts.ReadLines(input, time.Now()); !errors.Is(err, broken) || len(got.Lines) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add("2026-11-27T10:00:00.123456+00:00 heroku[router]: x\napp[web.1]: y")
	f.Add(`{"timestamp":1,"message":"app[a]: b"}` + "\n{}\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := alerts.ReadLines(strings.NewReader(text), time.Unix(0, 0))
		if n := strings.Count(text, "\n") + 1; err != nil || len(got.Lines)+got.Unknown > n {
			t.Errorf("%d lines and %d unknown ones of %d: %v", len(got.Lines), got.Unknown, n, err)
		}
	})
}
