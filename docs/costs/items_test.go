package costs_test

import (
	"fmt"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/lambda/alerting/state"
)

// overhead is the size of an item without its state, in bytes: the names of its attributes, the keys, the version and the time.
const overhead = 160

// The items have the sizes that are priced: the states of rules grow to these, and no further.
func TestItemsAreAsLargeAsPriced(t *testing.T) {
	for _, test := range []struct {
		rule  string
		every time.Duration // between matches
		over  time.Duration
		dynos int
		size  int
	}{
		{rule: "status-5xx", every: 10 * time.Minute, over: 6 * time.Hour, dynos: 1, size: cost.QuietItem},
		{rule: "R14", every: 10 * time.Second, over: 3 * time.Hour, dynos: 2, size: cost.ChronicItem},
		{rule: "dyno-memory", every: 10 * time.Second, over: 3 * time.Hour, dynos: 2, size: cost.ChronicItem},
		{rule: "H12", every: time.Second / 3, over: time.Hour, dynos: 4, size: cost.StormItem},
	} {
		size := largest(t, test.rule, test.every, test.over, test.dynos) + overhead
		if size > test.size {
			t.Errorf("the item of %s has %d bytes, and is priced with %d", test.rule, size, test.size)
		}
		if size < test.size/2 {
			t.Errorf("the item of %s has only %d bytes, and is priced with %d", test.rule, size, test.size)
		}
	}
}

// largest returns the size of a rule's state, in bytes, when it has grown for a while.
func largest(t *testing.T, name string, every, over time.Duration, dynos int) int {
	t.Helper()
	rule, example := ruleAndLine(t, name)
	s, size := &state.State{}, 0
	start := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for i := range int(over / every) {
		now, dyno := start.Add(time.Duration(i)*every), fmt.Sprintf("web.%d", i%dynos+1)
		example.Time = now
		hit := alert.Hit{
			Rule: name, ID: fmt.Sprintf("%016x", i), Counts: []alert.Count{{At: now.Unix(), Lines: 1}},
			Lines: []alert.Line{example}, Affected: map[string]int{dyno: 1},
		}
		if rule.Kind == alert.Samples {
			hit.Subject = dyno
		}
		s.Count(rule, []alert.Hit{hit}, now)
		if claimed := s.Claim(state.Teller{App: "shop", Rule: rule, Owner: "owner", Lease: time.Minute, Now: now}); claimed != nil {
			s.Confirm(rule, claimed.ID, now)
		}
		if i%60 == 59 || i < 60 { // encoding takes longer than the rest
			text, err := s.Encode()
			if err != nil {
				t.Fatal(err)
			}
			size = max(size, len(text))
		}
	}
	return size
}

// ruleAndLine returns a default rule, and a line that matches it.
func ruleAndLine(t *testing.T, name string) (alert.Rule, alert.Line) {
	t.Helper()
	for _, d := range alert.Catalogue() {
		if d.Rule.Name == name {
			return d.Rule, d.Example
		}
	}
	t.Fatalf("no rule %s", name)
	return alert.Rule{}, alert.Line{}
}
