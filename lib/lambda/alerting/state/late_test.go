package state_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"heroku-drains/lib/alert"
)

// An outage of ours ends: lines of an hour arrive within minutes, in any order. One message says so when all are there.
func TestLateLinesAreToldOnce(t *testing.T) {
	m := newMachine(t, rule)
	random := rand.New(rand.NewPCG(1, 2))
	var times []time.Time
	for i := range 600 {
		times = append(times, noon.Add(time.Duration(i)*6*time.Second))
	}
	random.Shuffle(len(times), func(i, j int) { times[i], times[j] = times[j], times[i] })
	now := noon.Add(3 * time.Hour)
	for _, at := range times {
		m.count(now, m.hit(at))
		m.run(now, now)
		now = now.Add(500 * time.Millisecond)
	}
	m.want()
	m.run(now, now.Add(2*time.Minute))
	m.want("firing, late, over")
	if e := m.state.Ended; e.Lines != 600 || e.Since != noon.Unix() || e.Until != noon.Unix()+3594 {
		t.Errorf("%d lines from %d to %d", e.Lines, e.Since, e.Until)
	}
	m.run(now, now.Add(24*time.Hour))
	m.want("firing, late, over")
}

// Late lines of another time raise no alert within an hour of the message about late lines, but new ones do, and so do late ones afterwards.
func TestOneMessageAnHourIsAboutLateLines(t *testing.T) {
	m := newMachine(t, rule)
	late := func(now, at time.Time) { m.count(now, m.hit(at, at, at, at, at)) }
	now := noon.Add(10 * time.Hour)
	late(now, noon)
	m.run(now, now.Add(time.Minute))
	late(now.Add(30*time.Minute), noon.Add(time.Hour))
	m.run(now, now.Add(40*time.Minute))
	m.want("firing, late, over")
	m.lines(now.Add(40*time.Minute), 5)
	m.want("firing, late, over", "firing")
	m.run(now, now.Add(60*time.Minute))
	m.want("firing, late, over", "firing", "resolved")
	late(now.Add(70*time.Minute), noon.Add(2*time.Hour))
	m.run(now, now.Add(80*time.Minute))
	m.want("firing, late, over", "firing", "resolved", "firing, late, over")
}

// If lines still come, the alert is an ordinary one, which began long ago.
func TestAnAlertWithLateAndNewLines(t *testing.T) {
	m := newMachine(t, rule)
	now := noon.Add(time.Hour)
	for i := range 60 {
		at := noon.Add(time.Duration(i*7919%3600) * time.Second)
		m.count(now, m.hit(at, at))
	}
	for i := range 40 {
		m.count(now, m.hit(noon.Add(time.Duration(i)*90*time.Second)))
	}
	m.lines(now, 5)
	m.want("firing")
	if since := m.state.Episode.Since - noon.Unix(); since > 60 {
		t.Errorf("it began %d s after noon", since)
	}
	m.run(now, now.Add(time.Hour))
	m.want("firing", "resolved")
}

// What waits to be told as late is told at once if new lines show that it is not over.
func TestNewLinesEndTheWaitForLateOnes(t *testing.T) {
	m := newMachine(t, rule)
	now := noon.Add(16 * time.Minute)
	m.count(now, m.hit(noon, noon, noon, noon, noon))
	m.want()
	m.count(now.Add(time.Second), m.hit(noon.Add(8*time.Minute)))
	m.want("firing")
}

// Late lines that never stop coming are told after some minutes nevertheless.
func TestTheWaitForLateLinesIsLimited(t *testing.T) {
	m := newMachine(t, rule)
	now := noon.Add(20 * time.Hour)
	for i := range 15 * 60 {
		m.count(now, m.hit(noon.Add(time.Duration(i)*time.Minute)), m.hit(noon, noon))
		m.run(now, now)
		now = now.Add(time.Second)
	}
	m.want("firing, late, over")
}

// An alert that is being told goes on: older late lines of another time are told when it is over.
func TestLateLinesBesideAnAlert(t *testing.T) {
	m := newMachine(t, rule)
	now := noon.Add(5 * time.Hour)
	m.lines(now, 5)
	m.count(now.Add(time.Minute), m.hit(noon, noon, noon, noon, noon, noon))
	if e := m.state.Episode; e.Lines != 5 || e.Since != now.Unix() {
		t.Errorf("%d lines since %d", e.Lines, e.Since)
	}
	m.run(now, now.Add(12*time.Minute))
	m.want("firing", "resolved", "firing, late, over")
	if m.state.Ended.Lines != 6 {
		t.Errorf("ended with %d lines", m.state.Ended.Lines)
	}
}

// With a short cooldown, an alert can be over when it is noticed although its lines are only two minutes old. It is no reason to ignore those of an
// outage.
func TestAnAlertThatIsOverWhenItIsNoticedIsNotLate(t *testing.T) {
	short := rule
	short.Window, short.Cooldown = alert.Duration(time.Minute), alert.Duration(5*time.Second)
	m := newMachine(t, short)
	now := noon.Add(2 * time.Minute)
	m.count(now, m.hit(noon, noon, noon, noon, noon))
	m.run(now, now.Add(2*time.Minute))
	m.want("firing, over")
	now = noon.Add(40 * time.Minute)
	late := noon.Add(20 * time.Minute)
	m.count(now, m.hit(late, late, late, late, late))
	m.run(now, now.Add(2*time.Minute))
	m.want("firing, over", "firing, late, over")
}
