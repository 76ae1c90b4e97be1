package alert_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
)

func TestSamples(t *testing.T) {
	m := compile(t, `{"samples": {
		"share": {"metric": "memory-redis / memory-total", "over": 0.5},
		"hits": {"metric": "hit-rate", "under": 0.9, "process": "heroku-redis"},
		"size": {"metric": "db_size", "over": 1000},
		"swap": {"metric": "memory_swap/memory_quota", "over": 0.1, "process": "web.*"}
	}}`).Matcher("shop")
	for _, tt := range []struct {
		source, process, figures string
		want                     []string
	}{
		{"app", "heroku-redis", "sample#memory-redis=600kB sample#memory-total=1000kB", []string{"share"}},
		{"app", "heroku-redis", "sample#memory-redis=500kB sample#memory-total=1000kB", nil},
		{"app", "heroku-redis", "sample#memory-redis=614400bytes sample#memory-total=1000kB", []string{"share"}},
		{"app", "heroku-redis", "sample#memory-redis=600bytes sample#memory-total=1000kB", nil},
		{"app", "heroku-redis", "sample#memory-redis=600MB sample#memory-total=1GB", []string{"share"}},
		{"app", "heroku-redis", "sample#memory-redis=600kB sample#memory-total=0kB", nil},
		{"app", "heroku-redis", "sample#memory-redis=0kB sample#memory-total=0kB", nil},
		{"app", "heroku-redis", "sample#memory-redis=600kB", nil},
		{"app", "heroku-redis", "sample#memory-total=1kB", nil}, // memory-redis is that of another line
		{"app", "heroku-redis", "sample#hit-rate=0.89", []string{"hits"}},
		{"heroku", "heroku-redis", "sample#hit-rate=0.89", []string{"hits"}},
		{"app", "heroku-redis", "sample#hit-rate=0.9", nil},
		{"app", "heroku-redis", "sample#hit-rate=n/a", nil},
		{"app", "heroku-redis", "hit-rate=0.1", nil},
		{"app", "heroku-postgres", "sample#hit-rate=0.1", nil},
		{"app", "heroku-postgres", "sample#db_size=1001bytes", []string{"size"}},
		{"heroku", "web.1", "sample#memory_swap=100MB sample#memory_quota=512.00MB", []string{"swap"}},
		{"heroku", "worker.1", "sample#memory_swap=100MB sample#memory_quota=512.00MB", nil},
		{"app", "web.1", "sample#memory_swap=100MB sample#memory_quota=512.00MB", nil},
		{"heroku", "router", "sample#db_size=1001bytes", nil},
	} {
		l := parse(t, tt.source, tt.process, "source=X addon=y "+tt.figures)
		if diff := cmp.Diff(tt.want, fired(t, m, l)); diff != "" {
			t.Errorf("%s[%s]: %s (-want +got):\n%s", tt.source, tt.process, tt.figures, diff)
		}
	}
	if got := fired(t, m, parse(t, "app", "heroku-postgres", "sample#db_size=1001bytes")); got != nil {
		t.Errorf("a line that does not say whose the figures are fires %v", got)
	}
}

// What is shown of a sample is whose it is and the figure that matched, which is far behind in the line that Heroku writes.
func TestSamplesShowTheirFigure(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	shown, affected := map[string]string{}, map[string]map[string]int{}
	for _, d := range alert.Catalogue() {
		if d.Rule.Kind != alert.Samples {
			continue
		}
		l := parse(t, d.Example.Source, d.Example.Process, d.Example.Text)
		m.Begin(d.Rule.Name, "")
		m.Line(&l)
		for _, hit := range m.Report().Hits {
			shown[hit.Rule], affected[hit.Rule] = hit.Lines[0].Text, hit.Affected
		}
	}
	for rule, want := range map[string]string{
		"postgres-connections": "source=DATABASE addon=postgresql-curly-12345 connections-percentage-used=0.91",
		"redis-load":           "source=REDIS addon=redis-rugged-24473 load-avg-1m=8.51",
		"dyno-load":            "source=web.1 load_avg_1m=9.46",
		"dyno-memory":          "source=web.1 memory_total=498.21MB memory_quota=512MB (memory_total / memory_quota = 0.973)",
	} {
		if shown[rule] != want {
			t.Errorf("%s shows %q, want %q", rule, shown[rule], want)
		}
	}
	for rule, want := range map[string]string{"postgres-connections": "postgresql-curly-12345", "redis-load": "redis-rugged-24473", "dyno-load": "web.1"} {
		if diff := cmp.Diff(map[string]int{want: 1}, affected[rule]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
}
