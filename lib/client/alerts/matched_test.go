package alerts_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/alerts"
)

func TestSum(t *testing.T) {
	hit := func(rule, subject string, at ...int64) alert.Hit {
		h := alert.Hit{Rule: rule, Subject: subject}
		for _, second := range at {
			h.Counts = append(h.Counts, alert.Count{At: second, Lines: 1})
		}
		return h
	}
	rules := []alert.Rule{
		{Name: "H12", Kind: alert.Codes, Title: "Request timeout", Threshold: 3, Window: alert.Duration(10 * time.Second)},
		{Name: "H10", Kind: alert.Codes, Threshold: 1, Window: alert.Duration(time.Minute)},
		{Name: "memory", Kind: alert.Samples, Threshold: 4, Interval: alert.Duration(20 * time.Second)},
		{Name: "quiet", Kind: alert.Silence},
		{Name: "assets", Kind: alert.Drop},
	}
	reports := []alert.Report{
		{Hits: []alert.Hit{hit("H12", "", 100, 109, 110)}, Dropped: []alert.Dropped{{Rule: "assets", Lines: 5, Kept: 1}}},
		// The order of reports does not matter.
		{Hits: []alert.Hit{hit("H12", "", 10, 11), hit("memory", "web.1", 20, 41), hit("memory", "web.2", 41, 61, 61, 100)}},
		{Hits: []alert.Hit{hit("memory", "web.1", 60, 96)}, Dropped: []alert.Dropped{{Rule: "assets", Lines: 2}}},
	}
	told := []alert.Notification{{Event: alert.Firing, Rule: "memory"}, {Event: alert.Resolved, Rule: "memory"}, {Event: alert.Firing, Rule: "quiet"}}
	matched, left := alerts.Sum(rules, reports, told)
	want := []alerts.Matched{
		{Rule: "H12", Title: "Request timeout", Lines: 5, Most: 2, Threshold: 3, Window: alert.Duration(10 * time.Second)},
		{Rule: "memory", Lines: 8, Most: 3, Threshold: 4, Alerts: 1}, // 20, 41 and 60, but 96 is too late
		{Rule: "quiet", Alerts: 1},
	}
	if diff := cmp.Diff(want, matched); diff != "" {
		t.Errorf("matched (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]alerts.Left{{Rule: "assets", Lines: 7, Kept: 1}}, left); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	if matched, left := alerts.Sum(rules, nil, nil); matched == nil || left == nil || len(matched)+len(left) > 0 {
		t.Errorf("nothing: %#v, %#v", matched, left)
	}
}
