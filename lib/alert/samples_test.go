package alert_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
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
