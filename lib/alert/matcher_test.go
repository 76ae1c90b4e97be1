package alert_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// parse returns a line as the storage function matches it.
func parse(t testing.TB, source, process, text string) logformat.Line {
	t.Helper()
	lines := logformat.Lines([]byte(logplextest.Frame(logplextest.Line(190, noon, source, process, text))))
	if len(lines) != 1 {
		t.Fatalf("%d lines", len(lines))
	}
	lines[0].Clean(logformat.KeepANSI)
	return lines[0]
}

// fired returns the rules that a line matches.
func fired(t testing.TB, m *alert.Matcher, l logformat.Line) []string {
	t.Helper()
	m.Begin("message", "d.own")
	if verdict := m.Line(&l); verdict != alert.Store {
		t.Errorf("%s[%s]: %s is dropped", l.Source, l.Process, l.Message)
	}
	report := m.Report()
	if report == nil {
		return nil
	}
	var names []string
	for _, hit := range report.Hits {
		names = append(names, hit.Rule)
	}
	return names
}

// everything returns the set of the defaults in which no rule is off.
func everything(t testing.TB) *alert.Set {
	t.Helper()
	c := alert.Config{}
	for _, d := range alert.Catalogue() {
		if c[d.Rule.Kind] == nil {
			c[d.Rule.Kind] = map[string]alert.Change{}
		}
		c[d.Rule.Kind][d.Rule.Name] = alert.Change{Off: new(false)}
	}
	set, err := alert.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// The example of each default rule, which the documentation shows, matches it, and no other except for the figures of a data store, which are on
// one line.
func TestEachExampleMatchesItsRule(t *testing.T) {
	m := everything(t).Matcher("shop")
	for _, d := range alert.Catalogue() {
		e := d.Example
		for what, text := range map[string]string{"": e.Text, "in color": "\x1b[31m" + strings.ReplaceAll(e.Text, " ", " \x1b[1m") + "\x1b[0m"} {
			if what != "" && d.Rule.Kind != alert.Errors {
				continue // Heroku uses no colors
			}
			got := fired(t, m, parse(t, e.Source, e.Process, text))
			if d.Rule.Kind == alert.Samples {
				got = only(got, d.Rule.Name)
			}
			if diff := cmp.Diff([]string{d.Rule.Name}, got); diff != "" {
				t.Errorf("%s%s: %s (-want +got):\n%s", d.Rule.Name, what, e.Text, diff)
			}
		}
	}
}

func only(names []string, name string) []string {
	for _, n := range names {
		if n == name {
			return []string{name}
		}
	}
	return nil
}

// disguises are ways in which a dyno can print what Heroku writes.
var disguises = map[string]func(source, process, text string) string{
	"plain":           func(_, _, text string) string { return text },
	"with its prefix": func(source, process, text string) string { return source + "[" + process + "]: " + text },
	"with a time": func(source, process, text string) string {
		return "2026-11-20T12:00:00.000000+00:00 " + source + "[" + process + "]: " + text
	},
	"as a syslog line": func(source, process, text string) string {
		return "<45>1 2026-11-20T12:00:00+00:00 host " + source + " " + process + " - " + text
	},
	"as a frame": func(source, process, text string) string {
		return logplextest.Frame(logplextest.Line(45, noon, source, process, text))
	},
	"after a newline":  func(_, _, text string) string { return "x\n" + text },
	"after a NILVALUE": func(_, _, text string) string { return "- " + text },
	"in quotes":        func(_, _, text string) string { return `"` + text + `"` },
	"in color":         func(_, _, text string) string { return "\x1b[31m" + text + "\x1b[0m" },
	"as JSON": func(source, process, text string) string {
		return `{"source":"` + source + `","process":"` + process + `","message":"` + strings.ReplaceAll(text, `"`, `\"`) + `"}`
	},
}

// A dyno can print anything, under a process type of any name, and fires no rule about what Heroku writes.
func TestDynosCannotFireRulesOfHeroku(t *testing.T) {
	m := everything(t).Matcher("shop")
	for _, d := range alert.Catalogue() {
		if d.Rule.Kind == alert.Errors {
			continue // dynos print these
		}
		for name, disguise := range disguises {
			text := disguise(d.Example.Source, d.Example.Process, d.Example.Text)
			for _, process := range []string{"web.1", "router.1", "logplex.1", "log-shuttle.1", "heroku-postgres.1", "api.1", "run.4711"} {
				if got := fired(t, m, parse(t, "app", process, text)); got != nil {
					t.Errorf("%s, %s, by app[%s]: %s fires %v", d.Rule.Name, name, process, text, got)
				}
			}
		}
	}
}

// A code whose rule is off is not an unknown one.
func TestCodesThatAreOff(t *testing.T) {
	for _, text := range []string{"Error R12 (Exit timeout)", "Error R99 (Platform error)"} {
		if got := fired(t, alert.Defaults().Matcher("shop"), parse(t, "heroku", "web.1", text)); got != nil {
			t.Errorf("%s fires %v", text, got)
		}
	}
	m := compile(t, `{"codes": {"unknown-code": {"off": true}, "R14": {"exclude_apps": ["shop"]}}}`).Matcher("shop")
	for _, text := range []string{"Error R77 (unknown)", "Error R14 (Memory quota exceeded)"} {
		if got := fired(t, m, parse(t, "heroku", "web.1", text)); got != nil {
			t.Errorf("%s fires %v", text, got)
		}
	}
}

// Each code counts only where Heroku writes it.
func TestCodesInOtherPlaces(t *testing.T) {
	m := everything(t).Matcher("shop")
	const r14, l10, h12 = "Error R14 (Memory quota exceeded)", "Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:58:01+00:00.", `at=error code=H12 desc="Request timeout" method=GET path="/" dyno=web.1 service=1ms status=503`
	for _, tt := range []struct {
		source, process, text string
		want                  []string
	}{
		{"heroku", "web.1", r14, []string{"R14"}},
		{"heroku", "run.4711", r14 + " -> more", []string{"R14"}},
		{"heroku", "router", r14, nil},
		{"heroku", "logplex", r14, nil},
		{"app", "api", r14, nil},
		{"heroku", "api", r14, nil},
		{"heroku", "web.1", "Process running: Error R14 (Memory quota exceeded)", nil},
		{"heroku", "web.1", "Error R98 (unknown)", []string{"unknown-code"}},
		{"heroku", "router", strings.Replace(h12, "H12", "H77", 1), []string{"unknown-code"}},
		{"heroku", "logplex", strings.Replace(l10, "L10", "L77", 1), []string{"unknown-code"}},
		{"heroku", "router", strings.Replace(h12, "H12", "R77", 1), nil},
		{"heroku", "router", strings.Replace(h12, "H12", "Hx7", 1), nil},
		{"heroku", "logplex", "Error R77 (unknown)", nil},
		{"app", "web.1", "Error R77 (unknown)", nil},
		{"heroku", "web.1", "State changed from up to crashed", []string{"dyno-crashed"}},
		{"heroku", "worker.2", "State changed from starting to crashed", []string{"dyno-crashed"}},
		{"heroku", "web.1", "State changed from crashed to starting", nil},
		{"heroku", "run.1", "State changed from up to complete", nil},
		{"app", "web.1", "State changed from up to crashed", nil},
		{"heroku", "router", "State changed from up to crashed", nil},
		{"heroku", "api", "State changed from up to crashed", nil},
		{"heroku", "web.1", l10, nil},
		{"app", "logplex", l10, nil},
		{"heroku", "logplex", strings.Replace(l10, "3 messages", "drain 'd.own' dropped 3 messages", 1), []string{"L10"}},
		{"heroku", "logplex", strings.Replace(l10, "3 messages", "drain 'd.other' dropped 3 messages", 1), nil},
		{"heroku", "web.1", h12, nil},
		{"app", "router", h12, nil},
		{"other", "router", h12, nil},
		{"heroku", "router", `at=info method=GET path="/?code=H12 status=503" dyno=web.1 service=1ms status=200 bytes=1`, nil},
		{"heroku", "router", `at=info method=GET path="/" code=H12 x="" fwd="1.1.1.1 status=503 service=99999ms" dyno=web.1 service=1ms status=200 bytes=1`, nil},
		{"heroku", "router", `at=info method=GET path="/ws" dyno=web.1 connect=0ms service=99999ms status=101 bytes=1 protocol=https`, nil},
		{"heroku", "router", `at=info method=GET path="/" dyno=web.1 connect=0ms service=5000ms status=200 bytes=1 protocol=https`, nil},
		{"heroku", "router", `at=error code=R14 method=GET path="/" dyno=web.1 service=1ms status=503`, nil},
	} {
		if diff := cmp.Diff(tt.want, fired(t, m, parse(t, tt.source, tt.process, tt.text))); diff != "" {
			t.Errorf("%s[%s]: %s (-want +got):\n%s", tt.source, tt.process, tt.text, diff)
		}
	}
}

// A line without STRUCTURED-DATA may have a NILVALUE before its text.
func TestCodesInPrivateSpaces(t *testing.T) {
	m := everything(t).Matcher("shop")
	frame := logplextest.Frame("<45>1 2026-11-20T12:00:00.000000+00:00 shop.space heroku web.1 - - Error R14 (Memory quota exceeded)\n")
	lines := logformat.Lines([]byte(frame))
	if diff := cmp.Diff([]string{"R14"}, fired(t, m, lines[0])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	lines[0].Message = []byte("- Error R14 (Memory quota exceeded)")
	if shown := report(m, "frame", lines[0]).Hits[0].Lines[0].Text; shown != "Error R14 (Memory quota exceeded)" {
		t.Errorf("the line is shown as %q", shown)
	}
	m.Begin("frame", "") // without a token
	foreign := parse(t, "heroku", "logplex", "Error L10 (output buffer overflow): drain 'd.1' dropped 1 messages since 2026-11-20T11:58:01+00:00.")
	m.Line(&foreign)
	if r := m.Report(); r == nil || r.Hits[0].Rule != "L10" {
		t.Errorf("an L10 that may be about this drain: %+v", r)
	}
	overflow := logplex.AppendFrame(nil, logplex.AppendLine(nil, logplex.Overflow(noon, 3, noon)))
	if diff := cmp.Diff([]string{"L10"}, fired(t, m, logformat.Lines(overflow)[0])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
