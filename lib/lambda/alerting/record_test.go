package alerting_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/stack"
)

func TestTheReleaseBeforeAnAlertIsShown(t *testing.T) {
	f := newFunction(t, rules)
	release := func(n int, at time.Time) alert.Message {
		return alert.Message{Report: &alert.Report{App: "shop", Release: &alert.Release{Version: fmt.Sprintf("v%d", n), Time: at}}}
	}
	for i := range 10 {
		f.batch(release(i, noon.Add(time.Duration(i-12)*time.Hour)), release(i, noon.Add(time.Duration(i-12)*time.Hour)))
	}
	f.batch(release(11, noon.Add(time.Minute)), release(10, noon.Add(-3*time.Minute)), release(8, noon.Add(time.Hour)))
	f.batch(f.report("shop", "R14", "1", 2), f.report("blog", "R14", "1", 2))
	want := map[string]*alert.Release{"shop": {Version: "v10", Time: noon.Add(-3 * time.Minute)}}
	for _, n := range f.published {
		if diff := cmp.Diff(want[n.App], n.Release); diff != "" {
			t.Errorf("%s: release (-want +got):\n%s", n.App, diff)
		}
	}
}

func TestDroppedLines(t *testing.T) {
	f := newFunction(t, rules)
	day := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	dropped := func(rule, id string, day time.Time, lines, kept int) alert.Dropped {
		return alert.Dropped{Rule: rule, ID: id, Day: day, Lines: lines, Kept: kept}
	}
	yesterday := day.AddDate(0, 0, -1)
	report := alert.Message{Report: &alert.Report{App: "shop", Dropped: []alert.Dropped{
		dropped("assets", "1", day, 10, 1), dropped("health", "1", day, 5, 0), dropped("assets", "2", yesterday, 7, 0), dropped("assets", "3", day, 90, 0),
	}}}
	f.batch(report, report)
	f.batch(report)
	f.batch(alert.Message{Report: &alert.Report{App: "shop-staging", Dropped: []alert.Dropped{dropped("assets", "1", day, 1, 0)}}})
	status, body := f.request(stack.RouteDropped, map[string]string{"app": "shop"}, nil, "")
	var answer alert.DroppedLines
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	want := []alert.DroppedDay{
		{Day: day, Rule: "assets", Lines: 100, Kept: 1}, {Day: day, Rule: "health", Lines: 5}, {Day: yesterday, Rule: "assets", Lines: 7},
	}
	if diff := cmp.Diff(want, answer.Data); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	if status, body := f.request(stack.RouteDropped, map[string]string{"app": "blog"}, nil, ""); status != 200 || body != `{"data":[]}` {
		t.Errorf("an app without such lines: %d %s", status, body)
	}
	for key, item := range f.items {
		if kept := item.Expires.Sub(day); kept < 14*24*time.Hour || kept > 16*24*time.Hour {
			t.Errorf("%s expires after %s", key, kept)
		}
	}
	for i := range 1000 {
		report.Report.Dropped[0].ID = fmt.Sprint("n", i)
		f.batch(report)
	}
	if size := len(f.items[[2]string{"shop", "#dropped#2026-11-27"}].State); size > 1300 {
		t.Errorf("the item has %d bytes, and is written for each batch", size)
	}
}

func TestSilenceIsTold(t *testing.T) {
	f := newFunction(t, ruleSet{{Name: "no-lines", Title: "No log lines", Kind: alert.Silence, After: alert.Duration(30 * time.Minute)}})
	line := func(at time.Time) alert.Message {
		return alert.Message{Report: &alert.Report{App: "shop", LastLine: at}}
	}
	f.batch(line(noon), line(noon.Add(-time.Minute)))
	f.at(noon.Add(10 * time.Minute))
	f.batch(line(noon.Add(10 * time.Minute)))
	for i := 0; i < len(f.ticks); i++ {
		f.at(f.ticks[i].Due)
		f.batch(alert.Message{Tick: &f.ticks[i]})
		if i > 10 {
			t.Fatalf("ticks %v", f.ticks)
		}
	}
	f.at(noon.Add(2 * time.Hour))
	f.batch(line(noon.Add(2 * time.Hour)))
	want := []string{"[shop] no-lines No log lines: none for 33 min", "[shop] no-lines No log lines: resolved after 1 h 50 min"}
	if diff := cmp.Diff(want, f.subjects()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
}

// The schedule finds what no Tick is there for any more, and lets what is not overdue alone.
func TestTheCheckSendsLostTicksAgain(t *testing.T) {
	f := newFunction(t, rules)
	f.batch(f.report("shop", "R14", "1", 2), f.report("blog", "R14", "2", 2))
	for i := range 15 {
		f.batch(f.report(fmt.Sprintf("app-%d", i), "R14", "3", 2), f.report(fmt.Sprintf("app-%d", i), "H12", "4", 10))
	}
	sent := len(f.ticks)
	check := func() {
		t.Helper()
		if _, err := f.Handle(t.Context(), []byte(`{"routeKey":"`+stack.RouteCheckAlerts+`"}`)); err != nil {
			t.Fatal(err)
		}
	}
	check()
	f.at(f.ticks[0].Due.Add(time.Minute)) // they may be late
	check()
	if len(f.ticks) != sent {
		t.Errorf("%d ticks although none was lost", len(f.ticks)-sent)
	}
	f.at(noon.Add(20 * time.Minute))
	for range 2 {
		check()
	}
	lost := f.ticks[sent:]
	if len(lost) != 33 { // 32 alerts and the digest
		t.Errorf("%d ticks were sent again", len(lost))
	}
	for _, tick := range lost {
		f.batch(alert.Message{Tick: &tick})
	}
	ends, digests := 0, 0
	for _, n := range f.published {
		switch n.Event {
		case alert.Resolved:
			ends++
		case alert.Digest:
			digests++
			for _, a := range n.Alerts {
				if a.Event == alert.Resolved {
					ends++
				}
			}
		}
	}
	if digests == 0 || ends == 0 {
		t.Errorf("%d digests, %d ends", digests, ends)
	}
	f.fail = func(string) error { return fmt.Errorf("down") }
	if _, err := f.Handle(t.Context(), []byte(`{"routeKey":"`+stack.RouteCheckAlerts+`"}`)); err == nil || !strings.Contains(err.Error(), "down") {
		t.Errorf("error %v: Lambda must count it", err)
	}
}
