package state_test

import (
	"fmt"
	"testing"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// rule needs five lines in five minutes.
var rule = alert.Rule{
	Name: "H12", Kind: alert.Codes, Title: "Request timeout", Threshold: 5, Window: alert.Duration(5 * time.Minute), Cooldown: alert.Duration(10 * time.Minute),
}

// machine is a State as its callers use it: it is encoded and decoded after each step, and each notification is told at once.
type machine struct {
	t     *testing.T
	rule  alert.Rule
	state *state.State
	ids   int
	muted time.Time
	told  []string // events, with what is special
}

func newMachine(t *testing.T, rule alert.Rule) *machine {
	return &machine{t: t, rule: rule, state: &state.State{}}
}

// save encodes and decodes the state.
func (m *machine) save() {
	m.t.Helper()
	text, err := m.state.Encode()
	if err != nil {
		m.t.Fatal(err)
	}
	if m.state, err = state.Decode(text); err != nil {
		m.t.Fatal(err)
	}
}

// hit returns a hit with a new ID, with a line at each of the times.
func (m *machine) hit(at ...time.Time) alert.Hit {
	m.ids++
	h := alert.Hit{Rule: m.rule.Name, ID: fmt.Sprint(m.ids)}
	for _, t := range at {
		h.Counts = append(h.Counts, alert.Count{At: t.Unix(), Lines: 1})
	}
	return h
}

// count counts hits at a time, and tells what there is to tell.
func (m *machine) count(now time.Time, hits ...alert.Hit) {
	m.t.Helper()
	m.state.Count(m.rule, hits, now)
	m.tell(now)
}

// lines counts n lines at a time, which arrive at once.
func (m *machine) lines(now time.Time, n int) {
	m.t.Helper()
	for range n {
		m.count(now, m.hit(now))
	}
}

// tell tells what there is to tell.
func (m *machine) tell(now time.Time) {
	m.t.Helper()
	for m.state.Asks(m.rule, now) {
		p := m.state.Claim(state.Teller{App: "shop", Rule: m.rule, Owner: "me", Lease: time.Minute, Now: now, Muted: m.muted})
		m.save()
		if p == nil {
			return
		}
		text := string(p.Event)
		if !m.state.Episode.Fresh {
			text += ", late"
		}
		if p.Over {
			text += ", over"
		}
		m.told = append(m.told, text)
		if !m.state.Confirm(m.rule, p.ID, now) {
			m.t.Fatal("the state does not know what was claimed")
		}
		m.save()
	}
	m.save()
}

// run passes time, and looks at the state whenever it asks for that.
func (m *machine) run(from, to time.Time) {
	m.t.Helper()
	for looks := 0; m.state.Due != 0 && m.state.Due <= to.Unix(); looks++ {
		if looks > 1000 {
			m.t.Fatal("the state always asks to be looked at")
		}
		now := time.Unix(max(m.state.Due, from.Unix()), 0)
		before := m.state.Due
		m.tell(now)
		if m.state.Due == before {
			m.t.Fatalf("the state still asks to be looked at at %s", now)
		}
	}
}

// want checks what was told.
func (m *machine) want(events ...string) {
	m.t.Helper()
	if got, want := fmt.Sprint(m.told), fmt.Sprint(events); got != want {
		m.t.Errorf("told %s, want %s", got, want)
	}
}
