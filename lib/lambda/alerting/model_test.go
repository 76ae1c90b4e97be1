package alerting_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/alert"
)

// ruleSet are rules in force for all apps.
type ruleSet []alert.Rule

func (s ruleSet) All() []alert.Rule         { return s }
func (s ruleSet) Rules(string) []alert.Rule { return s }

func (s ruleSet) Rule(_, name string) (alert.Rule, bool) {
	for _, r := range s {
		if r.Name == name {
			return r, true
		}
	}
	return alert.Rule{}, false
}

var rules = ruleSet{
	{Name: "H12", Kind: alert.Codes, Title: "Request timeout", Threshold: 10, Window: alert.Duration(5 * time.Minute), Cooldown: alert.Duration(10 * time.Minute)},
	{Name: "R14", Kind: alert.Codes, Title: "Memory quota exceeded", Threshold: 2, Window: alert.Duration(time.Minute), Cooldown: alert.Duration(5 * time.Minute)},
}

// maxLines is the number of lines of each alert.
const maxLines = 16

// outage sends reports of lines that all rules match, of some apps, and returns how many alerts they are. The lines of a rule are all of the same two
// seconds, so that there is one alert, whenever they are counted.
func (w *world) outage(apps int) (alerts int) {
	at := time.Now().Unix()
	for a := range apps {
		app := fmt.Sprintf("app-%d", a)
		for n := range 8 {
			var hits []alert.Hit
			for _, r := range rules {
				hits = append(hits, alert.Hit{
					Rule: r.Name, ID: fmt.Sprint(app, n, r.Name), Counts: []alert.Count{{At: at, Lines: 1}, {At: at + 20, Lines: 1}},
				})
			}
			w.send(alert.Message{Report: &alert.Report{App: app, Hits: hits}}, time.Duration(w.random.IntN(60_000))*time.Millisecond)
		}
	}
	return apps * len(rules)
}

// play plays an outage of the apps while calls fail and processes end, and returns what was told, by ID.
func (w *world) play(apps int) map[string][]alert.Notification {
	w.faults = true
	alerts := w.outage(apps)
	checked := w.random.IntN(2) == 0 // nothing is to depend on the schedule
	for range 4 {
		w.run(time.Now().Add(5 * time.Minute))
		if checked && w.random.IntN(2) == 0 {
			w.check()
		}
	}
	w.faults = false
	for range 3 {
		if checked {
			w.check()
		}
		w.run(time.Now().Add(time.Hour))
	}
	if len(w.queue) > 0 {
		w.t.Errorf("%d messages are still in the queue: %s", len(w.queue), w.queue[0].body)
	}
	told := map[string][]alert.Notification{}
	for _, n := range w.published {
		for _, n := range append(n.Alerts, n) {
			told[n.ID] = append(told[n.ID], n)
		}
	}
	w.complete(told, alerts)
	return told
}

// complete checks that the beginning and the end of each alert were told.
func (w *world) complete(told map[string][]alert.Notification, alerts int) {
	w.t.Helper()
	begun := 0
	for id, all := range told {
		for _, n := range all {
			if n.Lines > maxLines {
				w.t.Errorf("%s: %d lines, but there were only %d", n.Subject, n.Lines, maxLines)
			}
		}
		if all[0].Event != alert.Firing {
			continue
		}
		begun++
		over := !all[0].Until.IsZero()
		if ended := len(told[strings.TrimSuffix(id, "firing")+"resolved"]) > 0; ended == over {
			w.t.Errorf("%s, over %v: its end was told: %v", all[0].Subject, over, ended)
		}
	}
	if begun != alerts {
		w.t.Errorf("%d alerts were told, want %d", begun, alerts)
	}
}

// seeds runs a test in a synctest bubble for each of n seeds.
func seeds(t *testing.T, n int, test func(t *testing.T, seed uint64)) {
	const parts = 4
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			for i := range n / parts {
				seed := uint64(i*parts + part)
				synctest.Test(t, func(t *testing.T) { test(t, seed) })
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

// many is how many seeds the tests of single alerts play. With -short, in which CI looks for data races, a quarter plays the same goroutines.
func many() int {
	if testing.Short() {
		return 60
	}
	return 240
}

// Messages are delivered several times and in any order, calls fail or their responses are lost, processes end and are slow: each alert is told once,
// and so is its end. Here, nothing of that happens between the topic's acceptance and the table's knowledge.
func TestEachAlertIsToldOnce(t *testing.T) {
	seeds(t, many(), func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, rules)
		for _, all := range w.play(1 + w.random.IntN(3)) {
			if len(all) != 1 {
				t.Errorf("%s was told %d times", all[0].Subject, len(all))
			}
		}
	})
}

// Whatever happens, each alert is told, and again only if the table did not know that it was.
func TestEachAlertIsTold(t *testing.T) {
	var again atomic.Int64
	seeds(t, many(), func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, rules)
		w.anyFault = true
		for _, all := range w.play(1 + w.random.IntN(3)) {
			again.Add(int64(len(all) - 1))
		}
	})
	t.Cleanup(func() { t.Logf("%d notifications were told again", again.Load()) })
}

// More than 20 notifications in five minutes become a digest, in which each is told once, too.
func TestStormsAreToldOnce(t *testing.T) {
	var digests atomic.Int64
	t.Run("with faults", func(t *testing.T) {
		seeds(t, 20, func(t *testing.T, seed uint64) {
			w := newWorld(t, seed, rules)
			for id, all := range w.play(15) {
				if len(all) != 1 {
					t.Errorf("%s was told %d times", all[0].Subject, len(all))
				}
				if strings.HasSuffix(id, "digest") {
					digests.Add(1)
				}
			}
		})
	})
	if digests.Load() < 5 {
		t.Errorf("%d digests in 20 outages: the test shows little", digests.Load())
	}
}

func TestAStormBecomesOneDigest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, rules)
		alerts := w.outage(40)
		w.run(time.Now().Add(5*time.Minute + 15*time.Second)) // then the first alerts are over
		if len(w.published) != 21 {
			t.Fatalf("%d messages for %d alerts, want 20 and a digest", len(w.published), alerts)
		}
		digest := w.published[20]
		if want := "[HerokuDrains] More alerts: 60 on 40 apps in 5 min"; digest.Subject != want || len(digest.Alerts) != 60 {
			t.Errorf("the digest %q has %d alerts, want %q", digest.Subject, len(digest.Alerts), want)
		}
	})
}
