package alerting_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/stack"
)

// A message that cannot be read never can be: it is deleted, so that it does not come back for 14 days.
func TestUnreadableMessages(t *testing.T) {
	f := newFunction(t, rules)
	again := f.batch("not JSON", `{}`, `{"report":{"app":"NOT AN APP","secret":"in the message"}}`, `{"tick":{"app":"shop","rule":"#release"}}`,
		`{"tick":{"app":"#","rule":"H12"}}`, `{"tick":{"app":"Shop","rule":"H12"}}`, f.report("shop", "R14", "1", 2))
	if len(again) > 0 || len(f.published) != 1 {
		t.Errorf("delivered again: %v; published: %v", again, f.subjects())
	}
	if logged := f.logged.String(); strings.Count(logged, "message unreadable") != 6 || strings.Contains(logged, "in the message") {
		t.Errorf("logged %s", logged)
	}
	if got := f.metrics.String(); !strings.Contains(got, `"AlertsUnreadable":6`) || strings.Contains(got, "AlertsFailed") {
		t.Errorf("metrics %s", got)
	}
}

func TestAUsualBatchWritesNoMetrics(t *testing.T) {
	f := newFunction(t, rules)
	f.batch(f.report("shop", "R14", "1", 2))
	f.batch()
	if got := f.metrics.String(); got != "" {
		t.Errorf("metrics %s", got)
	}
}

// A deployment changes one function after the other.
func TestUnknownRulesAreIgnored(t *testing.T) {
	f := newFunction(t, rules)
	if again := f.batch(f.report("shop", "new", "1", 100), alert.Message{Tick: &alert.Tick{App: "shop", Rule: "old", Due: noon}}); len(again) > 0 {
		t.Errorf("delivered again: %v", again)
	}
	if len(f.items) > 0 || len(f.published) > 0 || strings.Contains(f.logged.String(), "ERROR") {
		t.Errorf("%d items, published %v, logged %s", len(f.items), f.subjects(), f.logged.String())
	}
}

// One item that cannot be written does not concern the others, and neither does their notification.
func TestAFailureConcernsItsMessagesAlone(t *testing.T) {
	f := newFunction(t, rules)
	both := f.report("shop", "R14", "1", 2)
	both.Report.Hits = append(both.Report.Hits, f.report("shop", "H12", "1", 10).Report.Hits...)
	f.fail = func(call string) error {
		if call == "put shop H12" {
			return errors.New("throttled")
		}
		return nil
	}
	messages := []any{f.report("shop", "H12", "2", 10), both, f.report("blog", "H12", "3", 10), f.report("shop", "R14", "4", 2)}
	if diff := cmp.Diff([]string{"0", "1"}, f.batch(messages...)); diff != "" {
		t.Errorf("delivered again (-want +got):\n%s", diff)
	}
	if got := f.metrics.String(); !strings.Contains(got, `"AlertsFailed":2`) || strings.Contains(got, "NotificationsFailed") {
		t.Errorf("metrics %s", got)
	}
	f.fail = nil
	if again := f.batch(messages[:2]...); len(again) > 0 {
		t.Errorf("delivered again: %v", again)
	}
	if len(f.published) != 3 {
		t.Errorf("published %v", f.subjects())
	}
}

// If the topic is gone, a report is counted nevertheless, and its Tick tells the alert when the topic is back. Its message is the only one that
// remains in the queue.
func TestTheTopicIsGone(t *testing.T) {
	f := newFunction(t, rules)
	f.fail = func(call string) error {
		if call == "publish" {
			return errors.New("NotFound: topic does not exist")
		}
		return nil
	}
	for i, id := range []string{"1", "2", "3"} {
		f.at(noon.Add(time.Duration(i) * time.Second))
		if again := f.batch(f.report("shop", "R14", id, 2)); len(again) > 0 {
			t.Errorf("report %s is delivered again", id)
		}
	}
	if got := f.metrics.String(); strings.Count(got, `"NotificationsFailed":1`) != 1 {
		t.Errorf("metrics %s", got)
	}
	if len(f.ticks) != 1 {
		t.Fatalf("ticks %v", f.ticks)
	}
	tick := f.ticks[0]
	for i := range 20 { // an hour
		f.at(tick.Due.Add(time.Duration(i) * stack.AlertsVisibilityTimeout))
		if again := f.batch(alert.Message{Tick: &tick}); len(again) != 1 {
			t.Fatalf("attempt %d: the tick is not delivered again", i)
		}
	}
	if len(f.ticks) != 1 {
		t.Errorf("%d ticks, which would all be tried again", len(f.ticks))
	}
	f.fail = nil
	f.at(tick.Due.Add(20 * stack.AlertsVisibilityTimeout))
	if again := f.batch(alert.Message{Tick: &tick}); len(again) > 0 {
		t.Errorf("delivered again: %v", again)
	}
	want := []string{"[shop] R14 Memory quota exceeded: 6 in 1 min", "[shop] R14 Memory quota exceeded: resolved after 2 s, 6 lines"}
	if diff := cmp.Diff(want, f.subjects()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
}

// A Tick whose time has not come is sent again, without a look at the table.
func TestEarlyTicks(t *testing.T) {
	f := newFunction(t, rules)
	f.fail = func(call string) error {
		if !strings.HasPrefix(call, "send") {
			return errors.New("only the clock is to be called")
		}
		return nil
	}
	late := alert.Tick{App: "shop", Rule: "H12", Due: noon.Add(2 * time.Hour)}
	storm := alert.Tick{App: "#", Rule: "#storm#critical", Due: noon.Add(2 * time.Hour)}
	if again := f.batch(alert.Message{Tick: &late}, alert.Message{Tick: &storm}); len(again) > 0 {
		t.Errorf("delivered again: %v", again)
	}
	if diff := cmp.Diff([]alert.Tick{late, storm}, f.ticks); diff != "" && len(f.ticks) != 2 {
		t.Errorf("ticks (-want +got):\n%s", diff)
	}
}

// A rule that alerts.yaml has turned off, or no longer has, ends its alert. A pager knows the end by the same name and level as the beginning.
func TestAnAlertOfARuleThatIsGone(t *testing.T) {
	f := newFunction(t, leveled())
	f.batch(f.report("shop", "H12", "1", 10), f.report("shop", "R14", "2", 2))
	f.Rules = leveled()[1:]
	for _, tick := range f.ticks {
		f.at(latestOf(f.now, tick.Due))
		if again := f.batch(alert.Message{Tick: &tick}); len(again) > 0 {
			t.Errorf("delivered again: %v", again)
		}
	}
	if got := f.subjects(); len(got) != 3 || got[2] != "[shop] H12 Request timeout: resolved, 10 lines" || f.published[2].Level != alert.Critical {
		t.Errorf("published %q", got)
	}
}

// A rule that alerts.yaml changes ends its alert by the name and the level with which it began, also in a digest.
func TestAnAlertOfARuleThatChanges(t *testing.T) {
	f := newFunction(t, leveled())
	for i := range 25 {
		f.batch(f.report(fmt.Sprintf("app-%d", i), "H12", "1", 10))
	}
	changed := leveled()
	changed[0].Title, changed[0].Level = "Timeout", alert.Warning
	f.Rules = changed
	f.pass(noon.Add(time.Hour))
	told := 0
	for _, n := range f.published {
		for _, n := range append(n.Alerts, n) {
			if n.Event == alert.Digest {
				continue
			}
			if told++; n.Title != "Request timeout" || n.Level != alert.Critical {
				t.Errorf("%s is %s", n.Subject, n.Level)
			}
		}
	}
	if told != 50 {
		t.Errorf("%d notifications, want 25 beginnings and ends", told)
	}
}

func latestOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func TestUnknownEvents(t *testing.T) {
	f := newFunction(t, rules)
	for _, payload := range []string{`{}`, `[]`, `{"Records":7}`, `"x"`} {
		if _, err := f.Handle(t.Context(), []byte(payload)); err == nil {
			t.Errorf("%s was handled", payload)
		}
	}
}
