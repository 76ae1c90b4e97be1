package state_test

import (
	"testing"
	"time"
)

func TestAMutedAlertIsToldWhenTheMuteEnds(t *testing.T) {
	m := newMachine(t, rule)
	m.state.MuteUntil(noon.Add(30*time.Minute), noon)
	for i := range 40 {
		at := noon.Add(time.Duration(i) * time.Minute)
		m.lines(at, 2)
		m.run(at, at.Add(59*time.Second))
		if i == 29 {
			m.want()
		}
	}
	m.want("firing")
	if e := m.state.Episode; e.Since != noon.Unix() || e.Lines != 80 {
		t.Errorf("%d lines since %d", e.Lines, e.Since)
	}
	m.run(noon, noon.Add(2*time.Hour))
	m.want("firing", "resolved")
}

func TestAnAlertThatIsOverBeforeTheMuteEndsIsNotTold(t *testing.T) {
	m := newMachine(t, rule)
	m.state.MuteUntil(noon.Add(time.Hour), noon)
	m.lines(noon, 5)
	m.run(noon, noon.Add(3*time.Hour))
	m.want()
	if m.state.Episode != nil || m.state.Ended == nil || m.state.Due != 0 {
		t.Errorf("episode %+v, ended %+v, due %d", m.state.Episode, m.state.Ended, m.state.Due)
	}
}

// Nobody hears that an alert is over as long as it is muted. Afterwards everybody does, and that another one began.
func TestTheEndOfAnAlertThatWasTold(t *testing.T) {
	for _, again := range []bool{false, true} {
		m := newMachine(t, rule)
		m.lines(noon, 5)
		m.state.MuteUntil(noon.Add(time.Hour), noon)
		m.run(noon, noon.Add(59*time.Minute))
		m.want("firing")
		if again {
			m.lines(noon.Add(59*time.Minute), 5)
		}
		m.run(noon, noon.Add(time.Hour-time.Second))
		m.want("firing")
		m.run(noon, noon.Add(3*time.Hour))
		if again {
			m.want("firing", "resolved", "firing", "resolved")
		} else {
			m.want("firing", "resolved")
		}
	}
}

func TestUnmuteTellsAtOnce(t *testing.T) {
	m := newMachine(t, rule)
	m.state.MuteUntil(noon.Add(24*time.Hour), noon)
	m.lines(noon, 5)
	m.run(noon, noon.Add(5*time.Minute))
	m.want()
	now := noon.Add(5 * time.Minute)
	if !m.state.MuteUntil(time.Time{}, now) || m.state.Due != now.Unix() {
		t.Errorf("due %d s after noon", m.state.Due-noon.Unix())
	}
	m.run(now, now)
	m.want("firing")
}

// A mute of all rules of the app works like that of one.
func TestAMutedApp(t *testing.T) {
	m := newMachine(t, rule)
	m.muted = noon.Add(9 * time.Minute)
	m.lines(noon, 5)
	m.run(noon, noon.Add(9*time.Minute-time.Second))
	m.want()
	m.run(noon, noon.Add(9*time.Minute))
	m.want("firing")
}

// What was claimed but not told when the mute began is not told.
func TestAMuteStopsATakeover(t *testing.T) {
	m := newMachine(t, rule)
	m.fire(noon)
	first := m.claim("a", noon)
	m.muted = noon.Add(5 * time.Minute)
	if p := m.claim("b", noon.Add(2*time.Minute)); p != nil {
		t.Errorf("claimed %+v", p)
	}
	if p := m.claim("b", noon.Add(5*time.Minute)); p == nil || p.ID != first.ID {
		t.Errorf("claimed %+v after the mute, want the ID %s", p, first.ID)
	}
}

// The Tick at the end of a mute can be late, like everything else: an alert that ended after the mute is told.
func TestAnAlertThatEndsBetweenTheMuteAndALateTick(t *testing.T) {
	m := newMachine(t, rule)
	m.state.MuteUntil(noon.Add(5*time.Minute), noon)
	m.lines(noon, 5)
	late := noon.Add(20 * time.Minute) // it was over at 12:10
	m.tell(late)
	m.run(late, late.Add(2*time.Minute))
	m.want("firing, over")

	m = newMachine(t, rule)
	m.state.MuteUntil(noon.Add(time.Hour), noon)
	m.lines(noon, 5)
	m.state.MuteUntil(time.Time{}, noon.Add(5*time.Minute))
	m.tell(late)
	m.run(late, late.Add(2*time.Minute))
	m.want("firing, over")
}

// Of two mutes, the end of one changes nothing as long as the other lasts.
func TestTheLongerOfTwoMutesCounts(t *testing.T) {
	m := newMachine(t, rule)
	m.muted = noon.Add(time.Hour) // of the app
	m.state.MuteUntil(noon.Add(30*time.Minute), noon)
	m.lines(noon, 5)
	now := noon.Add(5 * time.Minute)
	m.state.MuteUntil(time.Time{}, now)
	m.run(now, noon.Add(3*time.Hour))
	m.want()
}
