package insights_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"heroku-drains/lib/insights"
)

var savedTests = map[string]func(t *testing.T, lines []line, rows []map[string]string){
	"SlowestPaths": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			if pairs, ok := l.router(); ok {
				path, _, _ := strings.Cut(pairs["path"], "?")
				path, _, _ = strings.Cut(path, " ") // no path of a request has a space
				f.addText(l.app+" | "+path, "service", pairs["service"])
			}
		}
		if len(rows) != 100 || len(f) < 120 {
			t.Fatalf("%d of %d paths, want the 100 slowest of more", len(rows), len(f))
		}
		// Those that are not in the results must not be slower than the last.
		last := rows[len(rows)-1]["p95"]
		for key, byName := range f {
			inResults := slices.ContainsFunc(rows, func(row map[string]string) bool { return shown(row, "herokuApp", "requestPath") == key })
			if p95 := percentile(95)(byName["service"]); !inResults && p95 > number(t, last) {
				t.Errorf("%s is missing, with %g; the last is %s", key, p95, last)
			}
			if !inResults {
				delete(f, key)
			}
		}
		check(t, rows, f, []string{"herokuApp", "requestPath"}, column{"requests", "service", count}, column{"p50", "service", percentile(50)},
			column{"p95", "service", percentile(95)}, column{"slowest", "service", highest})
		checkSorted(t, rows, "p95")
	},
	"ErrorsByCode": checkErrorsByApp,
	"StatusMix": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			if pairs, ok := l.router(); ok && pairs["status"] != "" {
				f.add(l.app+" | "+pairs["status"], "request", 1)
			}
		}
		check(t, rows, f, []string{"herokuApp", "httpStatus"}, column{"requests", "request", count})
		if first := slices.IndexFunc(rows, func(row map[string]string) bool { return row["herokuApp"] == "shop-staging" }); first < 1 {
			t.Errorf("the rows are not sorted by app: %v", rows)
		} else {
			checkSorted(t, rows[:first], "requests")
			checkSorted(t, rows[first:], "requests")
		}
	},
	"MemoryByDyno": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			samples := l.samples("heroku", "")
			if _, ok := samples["memory_total"]; !ok {
				continue
			}
			for name, value := range samples {
				f.add(l.app+" | "+l.process(), name, value)
			}
		}
		check(t, rows, f, []string{"herokuApp", "processName"}, column{"highestMB", "memory_total", highest},
			column{"averageMB", "memory_total", average}, column{"swapMB", "memory_swap", highest}, column{"quotaMB", "memory_quota", highest})
		checkSorted(t, rows, "highestMB")
	},
	"RequestByID": func(t *testing.T, _ []line, rows []map[string]string) {
		if len(rows) != 0 {
			t.Errorf("%d lines contain the placeholder", len(rows))
		}
	},
	"AfterRelease": func(t *testing.T, lines []line, rows []map[string]string) {
		var want, got []string
		for _, l := range slices.Backward(lines) {
			version, _, _ := l.release()
			if code := l.code(); len(want) < 1000 && (version != "" || code != "") {
				want = append(want, l.app+" | "+version+" | "+code)
			}
		}
		for _, row := range rows {
			got = append(got, shown(row, "herokuApp", "releaseVersion", "errorCode"))
			if row["herokuLine"] == "" {
				t.Errorf("a row without its line: %v", row)
			}
		}
		// Logs Insights does not order lines of the same time, and those of one batch can have it.
		slices.Sort(want)
		slices.Sort(got)
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		descending := slices.IsSortedFunc(rows, func(a, b map[string]string) int { return strings.Compare(b["@timestamp"], a["@timestamp"]) })
		if !descending {
			t.Error("the rows are not sorted, the newest first")
		}
	},
	"BiggestTalkers": func(t *testing.T, lines []line, rows []map[string]string) {
		f := figures{}
		for _, l := range lines {
			f.add(l.app+" | "+l.process(), "length", float64(utf8.RuneCountInString(l.event)))
		}
		// One-off processes, such as postgres.12345, are many. The smallest ones are not in the results.
		least := number(t, rows[len(rows)-1]["characters"])
		for key, byName := range f {
			if sum(byName["length"]) < least {
				delete(f, key)
			}
		}
		check(t, rows, f, []string{"herokuApp", "processName"}, column{"lines", "length", count}, column{"characters", "length", sum})
		checkSorted(t, rows, "characters")
	},
}

// testRequest finds the lines of one request by its ID: all that contain it, whoever wrote them.
func testRequest(t *testing.T, s store, queries insights.Set) {
	saved := queries.Saved()
	text := saved[slices.IndexFunc(saved, func(q insights.Query) bool { return q.ID == "RequestByID" })].Text
	router := slices.IndexFunc(s.lines, func(l line) bool { pairs, ok := l.router(); return ok && pairs["request_id"] != "hard-1" })
	pairs, _ := s.lines[router].router()
	for _, id := range []string{pairs["request_id"], "hard-1"} {
		var want, got []string
		for _, l := range s.lines {
			if strings.Contains(l.message(), id) {
				want = append(want, queries.StreamPrefix+l.app+" | "+l.event)
			}
		}
		for _, row := range s.query(t, strings.ReplaceAll(text, insights.RequestID, id)) {
			got = append(got, shown(row, "@logStream", "@message"))
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := gocmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("request %q: lines (-want +got):\n%s", id, diff)
		}
	}
}

// testOneApp does what the queries' comment says.
func testOneApp(t *testing.T, s store, queries insights.Set) {
	for _, q := range queries.Saved() {
		_, comment, found := strings.Cut(q.Text, "# For one app, begin with: ")
		command, _, ended := strings.Cut(comment, "\n")
		if !found || !ended {
			t.Errorf("%s does not say how to query one app", q.ID)
			continue
		}
		one := strings.ReplaceAll(command, "APP\"", "shop\"")
		if got := s.query(t, one+"\nstats count(*) as n by @logStream"); len(got) != 1 || got[0]["@logStream"] != queries.StreamPrefix+"shop" {
			t.Errorf("%s finds %v", one, got)
		}
		all, some := s.query(t, q.Text), s.query(t, one+"\n"+q.Text)
		apps := func(rows []map[string]string) (names []string) {
			for _, row := range rows {
				if name := row["herokuApp"]; !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
			return names
		}
		if q.ID != "RequestByID" && (len(apps(all)) != 2 || !slices.Equal(apps(some), []string{"shop"})) {
			t.Errorf("%s finds the apps %q, and with the command for one %q", q.ID, apps(all), apps(some))
		}
	}
}
