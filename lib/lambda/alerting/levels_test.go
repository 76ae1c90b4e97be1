package alerting_test

import (
	"fmt"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
)

// leveled are the rules with levels.
func leveled() ruleSet {
	all := append(ruleSet{}, rules...)
	all[0].Level, all[1].Level = alert.Critical, alert.Warning
	return all
}

// pass delivers the Ticks that are due until a time.
func (f *function) pass(until time.Time) {
	f.t.Helper()
	for i := 0; i < len(f.ticks); i++ {
		if tick := f.ticks[i]; !tick.Due.After(until) {
			f.at(latestOf(f.now, tick.Due))
			f.batch(alert.Message{Tick: &tick})
		}
	}
}

// A pager that hears of critical alerts alone hears of them in time, however many warnings there are, and not of a digest of warnings.
func TestWarningsDoNotHoldBackCriticalAlerts(t *testing.T) {
	f := newFunction(t, leveled())
	for i := range 30 {
		f.batch(f.report(fmt.Sprintf("app-%d", i), "R14", "1", 2))
	}
	if len(f.published) != 20 {
		t.Fatalf("%d messages for 30 warnings, want 20", len(f.published))
	}
	f.batch(f.report("shop", "H12", "1", 10))
	if n := f.published[len(f.published)-1]; len(f.published) != 21 || n.App != "shop" || n.Level != alert.Critical {
		t.Fatalf("published %q, want the critical alert at the end", f.subjects())
	}
	for i := range 24 {
		f.batch(f.report(fmt.Sprintf("app-%d", i), "H12", "1", 10))
	}
	f.pass(noon.Add(5 * time.Minute))
	digests := map[string]int{}
	for _, n := range f.published {
		if n.Event != alert.Digest {
			continue
		}
		m, err := message.Write(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range n.Alerts {
			if string(a.Level) != m.Attributes["level"] {
				t.Errorf("a digest with the attributes %v has %q", m.Attributes, a.Subject)
			}
			if a.Event == alert.Firing {
				digests[m.Attributes["level"]]++
			}
		}
	}
	if digests["critical"] != 5 || digests["warning"] != 10 || len(digests) != 2 {
		t.Errorf("alerts in digests: %v, want 5 critical and 10 warning; published %q", digests, f.subjects())
	}
}
