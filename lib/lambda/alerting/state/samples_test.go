package state_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
)

// memory needs three samples in a row, of which Heroku writes one every 20 seconds.
var memory = alert.Rule{
	Name: "dyno-memory", Kind: alert.Samples, Threshold: 3, Interval: alert.Duration(20 * time.Second), Cooldown: alert.Duration(5 * time.Minute),
}

// sample counts a sample of a subject.
func (m *machine) sample(subject string, at time.Time) {
	m.t.Helper()
	h := m.hit(at)
	h.Subject = subject
	m.count(at, h)
}

func TestSamplesInARow(t *testing.T) {
	for _, test := range []struct {
		name    string
		seconds []int
		want    bool
	}{
		{"in a row", []int{0, 20, 40}, true},
		{"not on time", []int{0, 35, 70}, true},
		{"one within the limit between", []int{0, 20, 60, 80}, false},
		{"two rows", []int{0, 20, 60, 80, 100}, true},
		{"two of a second", []int{0, 0, 20}, false},
		{"out of order", []int{40, 0, 20}, true},
	} {
		m := newMachine(t, memory)
		for _, second := range test.seconds {
			m.sample("web.1", noon.Add(time.Duration(second)*time.Second))
		}
		if got := len(m.told) == 1; got != test.want {
			t.Errorf("%s: an alert: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestSamplesOfDifferentDynosAreNotARow(t *testing.T) {
	m := newMachine(t, memory)
	for i := range 30 {
		m.sample(fmt.Sprintf("web.%d", i%15), noon.Add(time.Duration(i)*time.Second))
	}
	m.want()
	m.sample("web.3", noon.Add(40*time.Second))
	m.want("firing")
	m.sample("web.4", noon.Add(41*time.Second)) // part of the same alert
	m.want("firing")
	m.run(noon, noon.Add(5*time.Minute))
	m.want("firing")
	m.run(noon, noon.Add(6*time.Minute))
	m.want("firing", "resolved")
}

// An app has hundreds of dynos, of which one has too many samples.
func TestSamplesOfManyDynos(t *testing.T) {
	m := newMachine(t, memory)
	for round := range 2 {
		for i := range 250 {
			m.state.Count(m.rule, []alert.Hit{{
				ID: fmt.Sprint(round, i), Subject: fmt.Sprintf("web.%d", i), Counts: []alert.Count{{At: noon.Unix() + int64(20*round), Lines: 1}},
			}}, noon.Add(20*time.Second))
		}
	}
	m.tell(noon.Add(20 * time.Second))
	m.want()
	m.sample("web.77", noon.Add(40*time.Second))
	m.want("firing")
}

// The process of a data store's lines is heroku-postgres for all of them: people want to know which one it is.
func TestSamplesAffectTheirDataStore(t *testing.T) {
	m := newMachine(t, memory)
	for _, second := range []int{0, 20, 40} {
		at := noon.Add(time.Duration(second) * time.Second)
		h := m.hit(at)
		h.Subject, h.Affected = "DATABASE", map[string]int{"heroku-postgres": 1}
		m.count(at, h)
	}
	m.want("firing")
	if diff := cmp.Diff([]alert.Affected{{Name: "DATABASE", Lines: 3}}, m.state.Episode.Affected()); diff != "" {
		t.Errorf("affected (-want +got):\n%s", diff)
	}
}
