package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// compile returns the set of a config in JSON.
func compile(t testing.TB, config string) *alert.Set {
	t.Helper()
	c, err := alert.ReadConfig([]byte(config))
	if err != nil {
		t.Fatal(err)
	}
	set, err := alert.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// at returns a line of that many milliseconds after noon.
func at(t testing.TB, ms int, source, process, text string) logformat.Line {
	t.Helper()
	when := noon.Add(time.Duration(ms) * time.Millisecond)
	lines := logformat.Lines([]byte(logplextest.Frame(logplextest.Line(190, when, source, process, text))))
	lines[0].Clean(logformat.KeepANSI)
	return lines[0]
}

// report matches the lines of one message.
func report(m *alert.Matcher, identity string, lines ...logformat.Line) *alert.Report {
	m.Begin(identity, "d.own")
	for i := range lines {
		m.Line(&lines[i])
	}
	return m.Report()
}

const timeout = `at=error code=H12 desc="Request timeout" method=GET path="%s" host=shop.herokuapp.com request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=4ms service=30001ms status=503 bytes=0 protocol=https`

func TestReport(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	router := func(ms int, path string) logformat.Line {
		return at(t, ms, "heroku", "router", fmt.Sprintf(timeout, path))
	}
	got := report(m, "frame",
		router(0, "/cart?token=abc&page=2"), at(t, 10, "app", "web.1", "hello"), router(900, "/cart"), router(1000, "/"), router(400, "/cart?page=3"),
		at(t, 1500, "heroku", "web.2", "Error R15 (Memory quota vastly exceeded)"), router(61_000, "/a"), router(62_000, "/b"), router(63_000, "/c"),
	)
	line := func(ms int, source, process, text string) alert.Line {
		return alert.Line{Time: noon.Add(time.Duration(ms) * time.Millisecond), Source: source, Process: process, Text: text}
	}
	shown := func(ms int, path string) alert.Line { return line(ms, "heroku", "router", fmt.Sprintf(timeout, path)) }
	noonSeconds := noon.Unix()
	want := &alert.Report{App: "shop", Hits: []alert.Hit{
		{
			Rule:     "H12",
			Counts:   []alert.Count{{At: noonSeconds, Lines: 3}, {At: noonSeconds + 1, Lines: 1}, {At: noonSeconds + 61, Lines: 1}, {At: noonSeconds + 62, Lines: 1}, {At: noonSeconds + 63, Lines: 1}},
			Lines:    []alert.Line{shown(0, "/cart?token=***&page=2"), shown(900, "/cart"), shown(1000, "/"), shown(400, "/cart?page=3"), shown(61_000, "/a")},
			Affected: map[string]int{"/cart": 3, "/": 1, "/a": 1, "/b": 1, "/c": 1},
		},
		{
			Rule: "R15", Counts: []alert.Count{{At: noonSeconds + 1, Lines: 1}},
			Lines:    []alert.Line{line(1500, "heroku", "web.2", "Error R15 (Memory quota vastly exceeded)")},
			Affected: map[string]int{"web.2": 1},
		},
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(alert.Hit{}, "ID")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if next := m.Report(); next != nil {
		t.Errorf("the next report is %+v", next)
	}
	for message := range 12 {
		m.Begin(fmt.Sprint("frame ", message), "")
		for i := range 30 {
			l := router(i, fmt.Sprintf("/%d/%d", message, i))
			m.Line(&l)
		}
	}
	if m.Matched() != 360 {
		t.Errorf("%d lines matched", m.Matched())
	}
	many := m.Report()
	names := 0
	for _, hit := range many.Hits {
		names += len(hit.Affected)
	}
	if first := many.Hits[0]; len(many.Hits) != 12 || len(first.Lines) != alert.MaxSamples || len(first.Affected) != alert.MaxAffected || names != 10*alert.MaxAffected {
		t.Errorf("%d hits show %d paths, the first %d lines and %d paths", len(many.Hits), names, len(first.Lines), len(first.Affected))
	}
	if next := report(m, "frame 2", router(0, "/")); len(next.Hits[0].Lines) != 1 || len(next.Hits[0].Affected) != 1 {
		t.Errorf("the next report shows %+v", next.Hits[0])
	}
}

// Copies of a message have the same IDs, whatever comes before them or between them, and in every process. Other messages have others.
func TestIDsOfCopies(t *testing.T) {
	lines := []logformat.Line{
		at(t, 0, "heroku", "web.1", "Error R14 (Memory quota exceeded)"), at(t, 1, "heroku", "router", fmt.Sprintf(timeout, "/")),
		at(t, 2, "heroku", "web.1", "Error R14 (Memory quota exceeded)"),
	}
	overflow := at(t, 0, "heroku", "logplex", "Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:58:01+00:00.")
	ids := func(m *alert.Matcher, identity string, lines ...logformat.Line) map[string]string {
		all := map[string]string{}
		for _, hit := range report(m, identity, lines...).Hits {
			all[hit.Rule] = hit.ID
		}
		return all
	}
	first := ids(alert.Defaults().Matcher("shop"), "frame", lines...)
	if len(first) != 2 || len(first["R14"]) != 16 || first["R14"] == first["H12"] {
		t.Fatalf("%v", first)
	}
	m := alert.Defaults().Matcher("shop")
	again := ids(m, "frame", append([]logformat.Line{overflow}, lines...)...)
	delete(again, "L10")
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("a retry with a line of Logplex's (-first +again):\n%s", diff)
	}
	moved := append([]logformat.Line(nil), lines...)
	for i := range moved {
		moved[i].Time = moved[i].Time.Add(time.Hour) // because CloudWatch Logs rejects its own
	}
	if diff := cmp.Diff(first, ids(m, "frame", moved...)); diff != "" {
		t.Errorf("with another event time (-first +again):\n%s", diff)
	}
	for name, other := range map[string]map[string]string{
		"another message": ids(m, "frame 2", lines...),
		"fewer lines":     ids(m, "frame", lines[0], lines[1]),
		"another order":   ids(m, "frame", at(t, 2, "heroku", "web.1", "Error R14 (Memory quota exceeded)"), lines[0]),
	} {
		if other["R14"] == first["R14"] {
			t.Errorf("%s has the same ID", name)
		}
	}
	// The hash is part of what is stored, so it must not change from version to version.
	if first["R14"] != "6753b2e0b90654ac" {
		t.Errorf("the ID of R14 is %s", first["R14"])
	}
}

// Figures of different dynos are different hits.
func TestSubjects(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	load := func(ms int, dyno string, load float64) logformat.Line {
		return at(t, ms, "heroku", dyno, fmt.Sprintf("source=%s dyno=heroku.1.2 sample#load_avg_1m=%.2f", dyno, load))
	}
	got := report(m, "frame", load(0, "web.1", 9), load(1, "web.2", 9), load(2, "web.3", 4), load(20_000, "web.1", 8))
	counts := map[string]int{}
	for _, hit := range got.Hits {
		for _, c := range hit.Counts {
			counts[hit.Rule+" "+hit.Subject] += c.Lines
		}
	}
	if diff := cmp.Diff(map[string]int{"dyno-load web.1": 2, "dyno-load web.2": 1}, counts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReleases(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	got := report(m, "frame", at(t, 5, "app", "api", "Release v12 created by user jane@example.com"), at(t, 2, "heroku", "api", "Release v11 created by jane@example.com"),
		at(t, 9, "app", "web.1", "Release v99 created by a dyno"), at(t, 9, "app", "api", "Release vX created by x"), at(t, 9, "app", "api", "Deploy 1f2e3d4c by user jane@example.com"))
	want := &alert.Report{App: "shop", Release: &alert.Release{Version: "v12", Time: noon.Add(5 * time.Millisecond)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if next := report(m, "frame", at(t, 10, "app", "web.1", "hello")); next != nil {
		t.Errorf("the release is told again: %+v", next)
	}
}

// The newest line is told once a minute, or once in a tenth of the rule's time.
func TestSilence(t *testing.T) {
	set := compile(t, `{"silence": {"quiet": {"after": "30m", "include_apps": ["shop"]}, "very-quiet": {"after": "2h", "include_apps": ["shop"]}}}`)
	m := set.Matcher("shop")
	var told []int
	for _, second := range []int{0, 60, 179, 180, 170, 300, 360, 1000} {
		if r := report(m, fmt.Sprint(second), at(t, second*1000, "app", "web.1", "hello")); r != nil {
			told = append(told, int(r.LastLine.Sub(noon)/time.Second))
		}
	}
	if diff := cmp.Diff([]int{0, 180, 360, 1000}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r := report(set.Matcher("blog"), "1", at(t, 0, "app", "web.1", "hello")); r != nil {
		t.Errorf("for another app: %+v", r)
	}
}
