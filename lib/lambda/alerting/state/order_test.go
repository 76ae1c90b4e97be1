package state_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"heroku-drains/lib/alert"
)

// tooMany reports whether at least threshold of the times, in seconds, are within less than window of each other.
func tooMany(times []int, threshold, window int) bool {
	for _, first := range times {
		n := 0
		for _, at := range times {
			if at >= first && at < first+window {
				n++
			}
		}
		if n >= threshold {
			return true
		}
	}
	return false
}

// Whether there is an alert does not depend on the order in which lines arrive, nor on how they are batched, nor on copies.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	fired := 0
	for seed := range uint64(1000) {
		random := rand.New(rand.NewPCG(seed, 0))
		r := rule
		r.Threshold = 1 + random.IntN(8)
		window := 1 + random.IntN(600)
		r.Window, r.Cooldown = alert.Duration(time.Duration(window)*time.Second), alert.Duration(2*time.Hour)
		m := newMachine(t, r)
		var times []int
		for range 1 + random.IntN(20) {
			times = append(times, random.IntN(900))
		}
		now := noon.Add(900 * time.Second)
		var hits []alert.Hit
		for rest := times; len(rest) > 0; {
			n := 1 + random.IntN(min(len(rest), 3))
			var at []time.Time
			for _, second := range rest[:n] {
				at = append(at, noon.Add(time.Duration(second)*time.Second))
			}
			hits, rest = append(hits, m.hit(at...)), rest[n:]
		}
		for _, i := range random.Perm(len(hits)) {
			batch := []alert.Hit{hits[i]}
			for range random.IntN(3) {
				batch = append(batch, hits[random.IntN(len(hits))])
			}
			m.count(now, batch...)
		}
		want := tooMany(times, r.Threshold, window)
		if got := m.state.Episode != nil; got != want || len(m.told) > 1 {
			t.Errorf("seed %d: an alert: %v, want %v; told %v", seed, got, want, m.told)
		}
		if want {
			fired++
		}
		if e := m.state.Episode; e != nil && e.Lines > len(times) {
			t.Errorf("seed %d: %d lines of %d", seed, e.Lines, len(times))
		}
	}
	if fired < 100 || fired > 900 {
		t.Errorf("%d of 1000 had an alert: the test shows little", fired)
	}
}

// All lines from the first to the last are counted once, whichever arrives first.
func TestAllLinesOfAnAlertAreCounted(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 1))
		m := newMachine(t, rule)
		var hits []alert.Hit
		for i := range 200 {
			hits = append(hits, m.hit(noon.Add(time.Duration(i*7)*time.Second/2)))
		}
		now := noon.Add(700 * time.Second)
		for _, i := range random.Perm(len(hits)) {
			m.count(now, hits[i])
		}
		e := m.state.Episode
		if e.Lines != 200 || e.Since != noon.Unix() || e.Last != noon.Unix()+696 {
			t.Fatalf("seed %d: %d lines from %d to %d", seed, e.Lines, e.Since-noon.Unix(), e.Last-noon.Unix())
		}
		total := 0
		for _, minute := range e.PerMinute() {
			total += minute.Lines
		}
		if total != 200 {
			t.Fatalf("seed %d: %d lines by minute", seed, total)
		}
		m.run(now, now.Add(time.Hour))
		m.want("firing", "resolved")
	}
}

// A window of more than an hour is exact to a step: it never takes less than threshold lines, and never more than a step too long.
func TestLongWindowsAreExactToAStep(t *testing.T) {
	day := rule
	day.Window = alert.Duration(24 * time.Hour)
	for _, test := range []struct {
		apart time.Duration
		want  string
	}{{23*time.Hour + 59*time.Minute, "firing"}, {24*time.Hour + 30*time.Second, ""}} {
		m := newMachine(t, day)
		m.lines(noon, 4)
		m.lines(noon.Add(test.apart), 1)
		if test.want == "" {
			m.want()
		} else {
			m.want(test.want)
		}
	}
}
