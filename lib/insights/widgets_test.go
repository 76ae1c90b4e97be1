package insights_test

import (
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	gocmp "github.com/google/go-cmp/cmp"

	"heroku-drains/lib/insights"
)

// Each query finds what is computed from the lines: in each format, in log groups of both classes, and with stream prefixes that patterns must
// escape.
func TestQueries(t *testing.T) {
	t.Parallel()
	for _, variant := range []struct {
		name, format, prefix string
		class                types.LogGroupClass
	}{
		{"text", "text", "[APP]", types.LogGroupClassStandard},
		{"JSON", "json", "[APP]", types.LogGroupClassStandard},
		{"mixed", "mixed", "a+b/(x).#1=", types.LogGroupClassStandard},
		{"JSON in Infrequent Access", "json", "[APP]", types.LogGroupClassInfrequentAccess},
	} {
		t.Run(variant.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, variant.class, variant.prefix, variant.format)
			queries := insights.Set{StreamPrefix: variant.prefix}
			for _, w := range queries.Widgets() {
				runTest(t, s, w.Query, widgetTests[w.ID])
			}
			for _, q := range queries.Saved() {
				runTest(t, s, q, savedTests[q.ID])
			}
			runTest(t, s, queries.Minutes(), testMinutes)
			t.Run("one request", func(t *testing.T) { testRequest(t, s, queries) })
			if variant.format == "mixed" {
				t.Run("one app", func(t *testing.T) { testOneApp(t, s, queries) })
			}
		})
	}
}

func runTest(t *testing.T, s store, q insights.Query, test func(t *testing.T, lines []line, rows []map[string]string)) {
	t.Helper()
	if test == nil {
		t.Fatalf("no test of the query %s", q.ID)
	}
	rows := s.query(t, q.Text)
	t.Run(q.ID, func(t *testing.T) { test(t, s.lines, rows) })
}

var widgetTests = map[string]func(t *testing.T, lines []line, rows []map[string]string){
	"Lines": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			f.add(l.bin()+" | "+l.app, "line", 1)
		}
		check(t, rows, f, []string{"bin(5m)", "herokuApp"}, column{"lines", "line", count})
	},
	"Volume": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			f.add(l.bin()+" | "+l.app, "length", float64(utf8.RuneCountInString(l.event)))
		}
		check(t, rows, f, []string{"bin(5m)", "herokuApp"}, column{"characters", "length", sum})
	},
	"Statuses": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			if pairs, ok := l.router(); ok && pairs["status"] != "" {
				f.add(l.bin()+" | "+pairs["status"], "request", 1)
			}
		}
		check(t, rows, f, []string{"bin(5m)", "httpStatus"}, column{"requests", "request", count})
	},
	"ServiceTimes": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			if pairs, ok := l.router(); ok {
				f.addText(l.bin(), "service", pairs["service"])
			}
		}
		check(t, rows, f, []string{"bin(5m)"},
			column{"p50", "service", percentile(50)}, column{"p95", "service", percentile(95)}, column{"p99", "service", percentile(99)})
	},
	"Errors": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			if code := l.code(); code != "" {
				f.add(l.bin()+" | "+code, "error", 1)
			}
		}
		check(t, rows, f, []string{"bin(5m)", "errorCode"}, column{"errors", "error", count})
	},
	"ErrorsByApp": checkErrorsByApp,
	"Memory": func(t *testing.T, lines []line, rows []map[string]string) {
		checkDynos(t, lines, rows, "memory_total", "memoryMB")
	},
	"Load": func(t *testing.T, lines []line, rows []map[string]string) {
		checkDynos(t, lines, rows, "load_avg_1m", "load1m")
	},
	"Postgres": func(t *testing.T, lines []line, rows []map[string]string) {
		checkDatabases(t, lines, rows, "heroku-postgres",
			column{"connectionsUsed", "connections-percentage-used", highest}, column{"connectionsWaiting", "waiting-connections", highest},
			column{"load1m", "load-avg-1m", highest}, column{"memoryUsed", "memory-percentage-used", highest},
			column{"indexHitRate", "index-cache-hit-rate", lowest}, column{"tableHitRate", "table-cache-hit-rate", lowest},
			column{"sizeBytes", "db_size", highest})
	},
	"KeyValueStores": func(t *testing.T, lines []line, rows []map[string]string) {
		checkDatabases(t, lines, rows, "heroku-redis",
			column{"connectionsUsed", "connection-percentage-used", highest}, column{"load1m", "load-avg-1m", highest},
			column{"hitRate", "hit-rate", lowest}, column{"evictedKeys", "evicted-keys", highest}, column{"memoryBytes", "memory-redis", highest})
	},
	"Releases": func(t *testing.T, lines []line, rows []map[string]string) {
		var want, got []string
		for i := len(lines) - 1; i >= 0 && len(want) < 50; i-- {
			if version, by, ok := lines[i].release(); ok {
				want = append(want, version+" | "+lines[i].app+" | "+by)
			}
		}
		for _, row := range rows {
			got = append(got, shown(row, "releaseVersion", "herokuApp", "releasedBy"))
		}
		if len(want) < 5 {
			t.Fatalf("the traffic has %d releases", len(want))
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
	},
}

func checkErrorsByApp(t *testing.T, lines []line, rows []map[string]string) {
	t.Helper()
	f := figures{}
	for _, l := range lines {
		if code := l.code(); code != "" {
			f.add(l.app+" | "+code, "error", 1)
		}
	}
	check(t, rows, f, []string{"herokuApp", "errorCode"}, column{"errors", "error", count})
	checkSorted(t, rows, "errors")
}

// checkDynos checks a graph with the highest sample of each dyno.
func checkDynos(t *testing.T, lines []line, rows []map[string]string, sample, name string) {
	t.Helper()
	f := figures{}
	for _, l := range lines {
		if value, ok := l.samples("heroku", "")[sample]; ok {
			f.add(l.bin()+" | "+l.app+" "+l.process(), sample, value)
		}
	}
	check(t, rows, f, []string{"bin(5m)", "dynoOfApp"}, column{name, sample, highest})
}

// checkDatabases checks a table with figures of each database.
func checkDatabases(t *testing.T, lines []line, rows []map[string]string, process string, columns ...column) {
	t.Helper()
	f := figures{}
	for _, l := range lines {
		for _, source := range []string{"app", "heroku"} {
			for name, value := range l.samples(source, process) {
				f.add(l.app+" | "+l.pairs()["source"], name, value)
			}
		}
	}
	check(t, rows, f, []string{"herokuApp", "databaseName"}, columns...)
	checkSorted(t, rows, "connectionsUsed")
}
