package alert_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"heroku-drains/lib/alert"
)

// However much matches, no report is larger than SQS accepts, and all hits are in one of them.
func TestReportsFitIntoMessages(t *testing.T) {
	m := everything(t).Matcher("shop")
	hostile := strings.Repeat(`<&>"\é日`, 100)
	const messages = 500
	for i := range messages {
		m.Begin(fmt.Sprint(i), "")
		for j := range 12 {
			for _, text := range []string{"Traceback (most recent call last)", "ERROR:  deadlock detected", "NoMemoryError", "PG::ConnectionBad", "NoMethodError (undefined method x for nil"} {
				l := at(t, j*1000, "app", "web."+strings.Repeat("9", 200), fmt.Sprintf("%s: %d %s", text, j, hostile))
				m.Line(&l)
			}
			r := at(t, j*1000, "heroku", "router", fmt.Sprintf(timeout, fmt.Sprintf("/%d%d%s", i, j, hostile)))
			m.Line(&r)
		}
	}
	reports, hits := 0, map[string]bool{}
	for r := m.Report(); r != nil; r = m.Report() {
		reports++
		text, err := json.Marshal(alert.Message{Report: r})
		if err != nil || len(text) > alert.MaxReport {
			t.Fatalf("%v, %d bytes", err, len(text))
		}
		for _, hit := range r.Hits {
			hits[hit.ID] = true
			if len(hit.Lines) > alert.MaxSamples || len(hit.Affected) > alert.MaxAffected {
				t.Fatalf("%d lines, %d names", len(hit.Lines), len(hit.Affected))
			}
			for _, l := range hit.Lines {
				if len(l.Text) > alert.MaxLine {
					t.Fatalf("a line has %d bytes", len(l.Text))
				}
			}
		}
	}
	if want := messages * 6; len(hits) != want || reports < 2 || reports > 10 {
		t.Errorf("%d hits in %d reports, want %d", len(hits), reports, want)
	}
}

// A message whose lines are of very many seconds takes several hits.
func TestManySeconds(t *testing.T) {
	m := alert.Defaults().Matcher("shop")
	m.Begin("frame", "")
	for i := range 1000 {
		l := at(t, i*1000, "heroku", "router", fmt.Sprintf(timeout, "/"))
		m.Line(&l)
	}
	r, lines, ids := m.Report(), 0, map[string]bool{}
	for _, hit := range r.Hits {
		ids[hit.ID] = true
		for _, c := range hit.Counts {
			lines += c.Lines
		}
	}
	if lines != 1000 || len(ids) != 4 {
		t.Errorf("%d lines in %d hits", lines, len(ids))
	}
}
