package alerts_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/alerts"
)

func TestRulesInWords(t *testing.T) {
	for _, tt := range []struct {
		rule                    alert.Rule
		condition, effect, apps string
	}{
		{
			alert.Rule{Kind: alert.Codes, Code: "H12", Threshold: 10, Window: alert.Duration(5 * time.Minute)},
			"code H12", "10 in 5m", "all",
		},
		{
			alert.Rule{
				Kind: alert.Slow, Over: new(5000.0), ExcludePaths: []string{"^/reports", "^/export"}, Threshold: 20, Window: alert.Duration(time.Hour),
				IncludeApps: []string{"shop", "blog-*"},
			},
			"service > 5000 ms, path not ^/reports or ^/export", "20 in 1h", "shop, blog-*",
		},
		{
			alert.Rule{Kind: alert.Samples, Metric: "memory_total / memory_quota", Over: new(0.95), Process: "web.*", Threshold: 3},
			"memory_total / memory_quota > 0.95, process web.*", "3 in a row", "all",
		},
		{
			alert.Rule{Kind: alert.Samples, Metric: "hit-rate", Under: new(0.9), Threshold: 5, ExcludeApps: []string{"old"}},
			"hit-rate < 0.9", "5 in a row", "all but old",
		},
		{
			alert.Rule{Kind: alert.Status, Status: "5xx", Off: true},
			"status 5xx", "off", "all",
		},
		{
			alert.Rule{Kind: alert.Regexps, Pattern: "payment .*failed", Threshold: 1, Window: alert.Duration(time.Minute)},
			"text payment .*failed", "1 in 1m", "all",
		},
		{
			alert.Rule{Kind: alert.Silence, After: alert.Duration(10 * time.Minute), IncludeApps: []string{"cron"}, ExcludeApps: []string{"cron-test"}},
			"no line for 10m", "alert after 10m", "cron but cron-test",
		},
		{
			alert.Rule{Kind: alert.Drop, Method: "GET", Path: "^/health$", Status: "200"},
			"status 200, method GET, path ^/health$", "not stored", "all",
		},
		{
			alert.Rule{Kind: alert.Drop, Source: "app", Severity: "debug", Field: "msg", Pattern: "^cache", Keep: 0.015},
			"source app, level debug, msg ^cache", "1.5% stored", "all",
		},
	} {
		got := [3]string{alerts.Condition(tt.rule), alerts.Effect(tt.rule), alerts.Apps(tt.rule)}
		if diff := cmp.Diff([3]string{tt.condition, tt.effect, tt.apps}, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestDroppedLinesByRule(t *testing.T) {
	now := time.Date(2026, 11, 27, 23, 59, 0, 0, time.UTC)
	day := func(ago int) time.Time { return time.Date(2026, 11, 27-ago, 0, 0, 0, 0, time.UTC) }
	got := alerts.Totals([]alert.DroppedDay{
		{Day: day(0), Rule: "assets", Lines: 10, Kept: 1},
		{Day: day(1), Rule: "health", Lines: 5},
		{Day: day(1), Rule: "assets", Lines: 100, Kept: 2},
	}, now.In(time.FixedZone("", 3600))) // where it is already tomorrow
	want := []alerts.Total{{Rule: "assets", Today: 10, Lines: 110, Kept: 3}, {Rule: "health", Lines: 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	if got := alerts.Totals(nil, now); got == nil || len(got) > 0 {
		t.Errorf("without any: %#v", got)
	}
}
