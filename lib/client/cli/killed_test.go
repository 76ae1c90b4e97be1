package cli_test

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	"heroku-drains/lib/client/heroku/herokufake"
)

// place is where a run is ended: inject has its n-th call from 0 on strike.
type place func(f *fleet, n int, strike func()) (remove func())

// shopEnded ends a verb about shop at each of its calls, until one gets through; after each it checks what there is.
func shopEnded(t *testing.T, run func(context.Context, *fleet, ...string), at place, prepare func(*fleet), verb []string, check func(*fleet)) {
	for n := 0; ; n++ {
		f := newFleet(t)
		f.heroku.AddApp(herokufake.App{Name: "shop"})
		f.heroku.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com/other"})
		prepare(f)
		ctx, cancel := context.WithCancel(t.Context())
		var struck atomic.Bool
		remove := at(f, n, func() { struck.Store(true); cancel() })
		run(ctx, f, append(verb, "-a", "shop", "--yes")...)
		cancel()
		remove()
		f.AWS.Advance(time.Minute + time.Second) // what was undone has blocked its queue's name
		check(f)
		if t.Failed() {
			t.Fatalf("ended at call %d", n+1)
		}
		if !struck.Load() {
			t.Logf("ended at each of %d calls", n)
			return
		}
	}
}

// eachEnd is shopEnded for every way to end a run, and every place.
func eachEnd(t *testing.T, prepare func(*fleet), verb []string, check func(*fleet)) {
	for name, run := range map[string]func(context.Context, *fleet, ...string){"killed": mortal, "interrupted": interruptible} {
		for where, at := range map[string]place{"at AWS": atAWS, "at Heroku": atHeroku} {
			t.Run(name+" "+where, func(t *testing.T) {
				if name == "killed" && testing.Short() {
					t.Skip("starts the program for each of some dozens of calls")
				}
				shopEnded(t, run, at, prepare, verb, check)
			})
		}
	}
}

func TestPutEndedAtEachCallIsHealedByPut(t *testing.T) {
	eachEnd(t, func(*fleet) {}, []string{"put"}, func(f *fleet) {
		f.run(0, "put", "-a", "shop")
		f.wantWhole("shop", 1)
	})
}

func TestDeleteEndedAtEachCallIsFinishedByDelete(t *testing.T) {
	eachEnd(t, func(f *fleet) { f.must("put", "-a", "shop", "--no-verify") }, []string{"delete"}, func(f *fleet) {
		// The second delete has nothing left to do if the first was ended at the very last: then it says so, and fails.
		command(f.t, nil, f.local("delete", "-a", "shop", "--yes")...)
		got := f.run(1, "get", "-a", "shop")
		wantIn(f.t, "stderr", got.stderr, "has no drain")
		if n := len(f.heroku.Drains("shop")); n != 1 {
			f.t.Errorf("%d drains at Heroku, want the other one alone", n)
		}
	})
}

// wantWhole checks that an app is connected, with one drain of ours at Heroku beside some others.
func (f *fleet) wantWhole(app string, others int) {
	f.t.Helper()
	var shown struct {
		Data struct {
			State  string
			Heroku struct {
				State  string
				Drains []any
				Others int
			}
		}
	}
	if err := json.Unmarshal([]byte(f.run(0, "get", "-a", app, "--output", "json").stdout), &shown); err != nil {
		f.t.Fatal(err)
	}
	d := shown.Data
	if d.State != "active" || d.Heroku.State != "present" || len(d.Heroku.Drains) != 1 || d.Heroku.Others != others {
		f.t.Errorf("%s is %+v", app, d)
	}
}
