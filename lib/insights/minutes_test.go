package insights_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/insights"
)

// testMinutes compares the query Minutes with what is computed from the lines.
func testMinutes(t *testing.T, lines []line, rows []map[string]string) {
	f := figures{}
	for _, l := range lines {
		pairs, ok := l.router()
		kind := map[bool]string{true: "router", false: "other"}[ok]
		key := l.Time.UTC().Truncate(time.Minute).Format("2006-01-02 15:04:05.000") + " | " + l.app + " | " + kind
		f.add(key, "line", 1)
		if ok {
			if status := pairs["status"]; status != "" {
				f.add(key, "class"+status[:1], 1)
			}
			f.addText(key, "service", pairs["service"])
		}
	}
	for _, row := range rows {
		if row[insights.KindColumn] == insights.RouterKind {
			maps.DeleteFunc(row, func(name, value string) bool { return value == "0" }) // the figures have no class without requests
			continue
		}
		row[insights.KindColumn] = "other"
		maps.DeleteFunc(row, func(name, _ string) bool { // means nothing
			return strings.HasPrefix(name, "class") || name == "timed" || insights.ServiceColumns()[name] > 0 || name == "fastest"
		})
	}
	columns := []column{
		{"lines", "line", count}, {"timed", "service", count}, {"fastest", "service", lowest}, {"slowest", "service", highest},
		{"p50", "service", percentile(50)}, {"p90", "service", percentile(90)}, {"p95", "service", percentile(95)}, {"p99", "service", percentile(99)},
	}
	for _, name := range []string{"class1", "class2", "class3", "class4", "class5"} {
		columns = append(columns, column{name, name, count})
	}
	check(t, rows, f, []string{"minute", "herokuApp", "lineKind"}, columns...)
}
