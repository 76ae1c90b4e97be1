package state_test

import (
	"testing"
	"time"

	"heroku-drains/lib/alert"
)

var silence = alert.Rule{Name: "silence", Kind: alert.Silence, After: alert.Duration(30 * time.Minute)}

// line reports that the app had a line.
func (m *machine) line(at, now time.Time) {
	m.t.Helper()
	m.state.Line(at, now)
	m.tell(now)
}

func TestSilence(t *testing.T) {
	m := newMachine(t, silence)
	m.tell(noon) // an app whose lines were never seen is not silent
	if m.state.Due != 0 {
		t.Errorf("due %d", m.state.Due)
	}
	m.line(noon, noon)
	dues := map[int64]bool{}
	for i := range 60 {
		at := noon.Add(time.Duration(i) * time.Minute)
		m.line(at, at)
		m.line(noon, at) // a late one changes nothing
		m.run(at, at)
		dues[m.state.Due] = true
	}
	m.want()
	if len(dues) > 4 {
		t.Errorf("%d ticks in an hour", len(dues))
	}
	last := noon.Add(59 * time.Minute)
	m.run(last, last.Add(33*time.Minute-time.Second))
	m.want()
	m.run(last, last.Add(33*time.Minute))
	m.want("firing")
	m.run(last, last.Add(24*time.Hour))
	m.want("firing")
	back := last.Add(25 * time.Hour)
	m.line(back, back)
	m.want("firing", "resolved")
	m.run(back, back.Add(32*time.Minute))
	m.want("firing", "resolved")
	m.run(back, back.Add(40*time.Minute))
	m.want("firing", "resolved", "firing")
}
