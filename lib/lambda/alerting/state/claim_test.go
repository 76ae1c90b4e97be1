package state_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

// claim claims what there is to tell for an owner, with a lease of two minutes.
func (m *machine) claim(owner string, now time.Time) *state.Pending {
	m.t.Helper()
	defer m.save()
	if !m.state.Asks(m.rule, now) {
		return nil
	}
	return m.state.Claim(state.Teller{App: "shop", Rule: m.rule, Owner: owner, Lease: 2 * time.Minute, Now: now, Muted: m.muted})
}

// fire makes the state one that begins an alert, which nobody has claimed.
func (m *machine) fire(now time.Time) {
	m.t.Helper()
	m.state.Count(m.rule, []alert.Hit{m.hit(now, now, now, now, now)}, now)
}

func TestAClaimIsTakenOverAfterItsLease(t *testing.T) {
	m := newMachine(t, rule)
	m.fire(noon)
	first := m.claim("a", noon)
	if first == nil || first.Event != alert.Firing || first.Owner != "a" {
		t.Fatalf("claimed %+v", first)
	}
	if due := m.state.Due; due != noon.Unix()+120 {
		t.Errorf("due %d s after noon, want the end of the lease", due-noon.Unix())
	}
	for _, after := range []time.Duration{0, time.Second, 119 * time.Second} {
		if p := m.claim("b", noon.Add(after)); p != nil {
			t.Errorf("%s later it is claimed by %s", after, p.Owner)
		}
	}
	second := m.claim("b", noon.Add(2*time.Minute))
	if second == nil || second.ID != first.ID || second.Owner != "b" {
		t.Fatalf("claimed %+v, want the ID %s", second, first.ID)
	}
	if due := m.state.Due; due != noon.Unix()+120 {
		t.Errorf("due %d s after noon: the tick that is there stays the one that counts", due-noon.Unix())
	}
	// The first one was only slow. Both have told it, and nobody tells it again.
	for _, want := range []bool{true, false} {
		if got := m.state.Confirm(m.rule, first.ID, noon.Add(3*time.Minute)); got != want {
			t.Errorf("Confirm = %v, want %v", got, want)
		}
	}
	if p := m.claim("c", noon.Add(4*time.Minute)); p != nil {
		t.Errorf("claimed again: %+v", p)
	}
}

func TestAReleasedClaimIsTakenOverAfterAPause(t *testing.T) {
	m := newMachine(t, rule)
	m.fire(noon)
	first := m.claim("a", noon)
	if m.state.Release(first.ID, "b", noon, 0) {
		t.Error("b released what a claimed")
	}
	if !m.state.Release(first.ID, "a", noon, 30*time.Second) {
		t.Error("a could not release it")
	}
	if p := m.claim("b", noon.Add(29*time.Second)); p != nil {
		t.Errorf("claimed by %s during the pause", p.Owner)
	}
	if p := m.claim("b", noon.Add(30*time.Second)); p == nil || p.ID != first.ID {
		t.Errorf("claimed %+v after the pause", p)
	}
	if m.state.Release(first.ID, "a", noon, 0) {
		t.Error("a released what b claimed")
	}
}

// Until the end is told, lines from after it wait for the next alert.
func TestLinesWhileTheEndIsTold(t *testing.T) {
	m := newMachine(t, rule)
	m.lines(noon, 5)
	over := noon.Add(10 * time.Minute)
	p := m.claim("a", over)
	if p == nil || p.Event != alert.Resolved {
		t.Fatalf("claimed %+v", p)
	}
	m.state.Count(m.rule, []alert.Hit{m.hit(over, over, over, over, over, over)}, over.Add(time.Second))
	if m.state.Episode.Lines != 5 {
		t.Errorf("the alert has %d lines", m.state.Episode.Lines)
	}
	if !m.state.Confirm(m.rule, p.ID, over) || m.state.Episode != nil {
		t.Fatal("it is not over")
	}
	m.tell(over.Add(time.Second))
	m.want("firing", "firing")
	if e := m.state.Episode; e.Lines != 6 || e.Since != over.Unix() {
		t.Errorf("the next alert has %d lines since %d", e.Lines, e.Since)
	}
}

// The IDs of a beginning and its end name the same alert, and differ from those of other alerts.
func TestIDs(t *testing.T) {
	ids := map[string]bool{}
	for _, app := range []string{"shop", "blog"} {
		for _, at := range []time.Time{noon, noon.Add(time.Second)} {
			m := newMachine(t, rule)
			m.fire(at)
			teller := state.Teller{App: app, Rule: m.rule, Owner: "a", Now: at}
			begin := m.state.Claim(teller)
			m.state.Confirm(m.rule, begin.ID, at)
			teller.Now = at.Add(time.Hour)
			end := m.state.Claim(teller)
			if want := begin.ID[:20] + "-resolved"; end.ID != want || begin.ID != begin.ID[:20]+"-firing" {
				t.Errorf("IDs %s and %s", begin.ID, end.ID)
			}
			ids[begin.ID] = true
		}
	}
	if len(ids) != 4 {
		t.Errorf("4 alerts have %d IDs", len(ids))
	}
}

// Of a rule that is not there any more, only the end of an alert is told that people know of, or may know of: whoever claimed it may be telling it.
func TestRetire(t *testing.T) {
	gone := alert.Rule{Name: rule.Name}
	known := newMachine(t, rule)
	known.lines(noon, 5)
	known.rule = gone
	known.state.Retire()
	known.tell(noon.Add(time.Second))
	known.want("firing", "resolved")

	unknown := newMachine(t, rule)
	unknown.fire(noon)
	unknown.rule = gone
	unknown.state.Retire()
	unknown.tell(noon.Add(time.Hour))
	unknown.want()
	if diff := cmp.Diff(&state.State{}, unknown.state); diff != "" {
		t.Errorf("what remains (-want +got):\n%s", diff)
	}

	claimed := newMachine(t, rule)
	claimed.fire(noon)
	p := claimed.claim("a", noon)
	claimed.rule = gone
	claimed.state.Retire()
	claimed.state.Confirm(gone, p.ID, noon.Add(time.Second))
	claimed.tell(noon.Add(time.Second))
	claimed.want("resolved")
}
