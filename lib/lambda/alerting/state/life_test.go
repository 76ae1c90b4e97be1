package state_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

func TestAnAlertBeginsWithTheThreshold(t *testing.T) {
	m := newMachine(t, rule)
	m.lines(noon, 4)
	m.run(noon, noon.Add(time.Hour))
	m.want()
	m.lines(noon.Add(299*time.Second), 1)
	m.want("firing")
	m.lines(noon.Add(300*time.Second), 100)
	m.want("firing")
	if e := m.state.Episode; e.Lines != 105 || e.Since != noon.Unix() || e.Last != noon.Unix()+300 {
		t.Errorf("%d lines from %d to %d", e.Lines, e.Since, e.Last)
	}
}

func TestTheWindowIsExact(t *testing.T) {
	m := newMachine(t, rule)
	m.lines(noon, 4)
	m.lines(noon.Add(300*time.Second), 1)
	m.want()
	m.lines(noon.Add(301*time.Second), 3)
	m.want()
	m.lines(noon.Add(599*time.Second), 1)
	m.want("firing")
}

func TestAnAlertIsOverAfterTheCooldown(t *testing.T) {
	m := newMachine(t, rule)
	m.lines(noon, 5)
	m.lines(noon.Add(9*time.Minute+59*time.Second), 1)
	m.run(noon, noon.Add(19*time.Minute+58*time.Second))
	m.want("firing")
	m.run(noon, noon.Add(20*time.Minute))
	m.want("firing", "resolved")
	if m.state.Due != 0 {
		t.Errorf("due %d", m.state.Due)
	}
	want := &state.Ended{Since: noon.Unix(), Until: noon.Unix() + 599, Lines: 6}
	if diff := cmp.Diff(want, m.state.Ended); diff != "" {
		t.Errorf("ended (-want +got):\n%s", diff)
	}
}

// A cooldown shorter than the window does not end an alert that still has too many lines in the window.
func TestAnAlertIsNotOverWhileTheWindowIsFull(t *testing.T) {
	short := rule
	short.Cooldown = alert.Duration(time.Minute)
	m := newMachine(t, short)
	m.lines(noon, 5)
	m.run(noon, noon.Add(299*time.Second))
	m.want("firing")
	m.run(noon, noon.Add(300*time.Second))
	m.want("firing", "resolved")
}

func TestTheNextAlertIsAnother(t *testing.T) {
	m := newMachine(t, rule)
	for i := range 20 {
		at := noon.Add(time.Duration(i) * 20 * time.Minute)
		m.lines(at, 5)
		m.run(at, at.Add(19*time.Minute))
	}
	if len(m.told) != 40 {
		t.Errorf("told %v", m.told)
	}
}

func TestCopiesAreNotCounted(t *testing.T) {
	m := newMachine(t, rule)
	h := m.hit(noon, noon.Add(time.Second))
	for range 10 {
		m.count(noon.Add(time.Second), h, h)
	}
	m.want()
	m.count(noon.Add(2*time.Second), h, m.hit(noon, noon, noon.Add(2*time.Second)))
	m.want("firing")
	if m.state.Episode.Lines != 5 {
		t.Errorf("%d lines", m.state.Episode.Lines)
	}
}

// The times of an alert are remembered longer than the IDs of its hits.
func TestCopiesOfAnAlertThatIsOverAreNotCounted(t *testing.T) {
	m := newMachine(t, rule)
	h := m.hit(noon, noon, noon, noon, noon)
	m.count(noon, h)
	m.run(noon, noon.Add(time.Hour))
	m.want("firing", "resolved")
	for i := range 13 * 24 {
		at := noon.Add(time.Duration(i+2) * time.Hour)
		m.count(at, h)
		m.run(at, at)
	}
	m.want("firing", "resolved")
}

func TestLinesFromTheFutureAreOfNow(t *testing.T) {
	m := newMachine(t, rule)
	ahead := noon.Add(48 * time.Hour)
	m.count(noon, m.hit(ahead, ahead, ahead, ahead, ahead))
	m.want("firing")
	m.run(noon, noon.Add(10*time.Minute))
	m.want("firing", "resolved")
}

func TestTimesThatCannotBe(t *testing.T) {
	m := newMachine(t, rule)
	h := m.hit(noon)
	h.Counts = []alert.Count{{At: -1 << 63, Lines: 9}, {At: 1<<63 - 1, Lines: 4}, {At: noon.Unix(), Lines: -7}, {At: noon.Unix(), Lines: 0}}
	h.Lines = []alert.Line{{Time: time.Unix(1<<40, 0), Text: "\x00\xff\u2028" + string(make([]byte, 1000))}}
	m.count(noon, h)
	m.run(noon, noon.Add(24*time.Hour))
	m.want("firing, late, over")
}
