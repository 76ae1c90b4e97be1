package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// interruption is a way to run the program and to end it when ctx ends.
type interruption func(ctx context.Context, f *fleet, args ...string)

// interrupted runs the program in this process. It cleans up when ctx ends.
func interrupted(ctx context.Context, f *fleet, args ...string) {
	mainThatWaits(ctx, f.local(args...), io.Discard, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
}

// killed runs the program as a process of its own, which is killed when ctx ends.
func killed(ctx context.Context, f *fleet, args ...string) {
	_ = exec.CommandContext(ctx, "hurried-cli", f.local(args...)...).Run() // fails if the process is killed
}

// calls lets strike run at the n-th call from now, counted from 0, until remove is called.
type calls func(f *fleet, n int, strike func()) (remove func())

// herokuCalls are the requests to Heroku.
func herokuCalls(f *fleet, n int, strike func()) func() {
	return f.heroku.Inject(herokufake.Fault{Skip: n, Times: 1, Before: strike})
}

// awsCalls are the calls of AWS by the functions and by the program.
func awsCalls(f *fleet, n int, strike func()) func() {
	var made atomic.Int64
	return f.AWS.OnCall(func(awslocal.Call) {
		if made.Add(1) == int64(n)+1 {
			strike()
		}
	})
}

// interruptEachCall runs a command and interrupts it at each of its calls in turn, until it gets through. Each run has a fleet of its own, and
// check after it. With the race detector, it takes every fourth call.
func interruptEachCall(t *testing.T, run interruption, at calls, prepare func(*fleet), args []string, check func(*fleet)) {
	step := 1
	if localtest.RaceDetector {
		step = 4
	}
	for n := 0; ; n += step {
		f := newFleet(t)
		prepare(f)
		ctx, cancel := context.WithCancel(t.Context())
		var struck atomic.Bool
		remove := at(f, n, func() { struck.Store(true); cancel() })
		run(ctx, f, args...)
		cancel()
		remove()
		f.AWS.Advance(time.Minute + time.Second) // SQS blocks the names of queues that were rolled back
		check(f)
		if t.Failed() {
			t.Fatalf("interrupted at call %d", n+1)
		}
		if !struck.Load() {
			t.Logf("interrupted at calls 1 to %d in steps of %d", n, step)
			return
		}
	}
}

// interruptShop is interruptEachCall for a verb about the app shop, with each kind of interruption and of calls.
func interruptShop(t *testing.T, prepare func(*fleet), verb string, check func(*fleet)) {
	for name, run := range map[string]interruption{"killed": killed, "interrupted": interrupted} {
		for where, at := range map[string]calls{"at AWS": awsCalls, "at Heroku": herokuCalls} {
			t.Run(name+" "+where, func(t *testing.T) {
				if name == "killed" && testing.Short() {
					t.Skip("starts the program for each of dozens of calls")
				}
				interruptEachCall(t, run, at, func(f *fleet) {
					f.heroku.AddApp(herokufake.App{Name: "shop"})
					f.heroku.AddDrain("shop", herokufake.Drain{URL: "https://logs.example.com/other"})
					prepare(f)
				}, []string{verb, "-a", "shop", "--yes"}, check)
			})
		}
	}
}

func TestPutRepairsAPutInterruptedAtAnyCall(t *testing.T) {
	interruptShop(t, func(*fleet) {}, "put", func(f *fleet) {
		f.run(0, "put", "-a", "shop")
		f.wantConnected("shop", 1)
	})
}

func TestDeleteFinishesADeleteInterruptedAtAnyCall(t *testing.T) {
	interruptShop(t, func(f *fleet) { f.must("put", "-a", "shop", "--no-verify") }, "delete", func(f *fleet) {
		// If the first delete was interrupted after its last change, the second has nothing to do, says so and fails.
		command(f.t, nil, f.local("delete", "-a", "shop", "--yes")...)
		got := f.run(1, "get", "-a", "shop")
		wantIn(f.t, "stderr", got.stderr, "has no drain")
		if n := len(f.heroku.Drains("shop")); n != 1 {
			f.t.Errorf("%d drains at Heroku, want only the other one", n)
		}
	})
}

// wantConnected checks that an app is connected and has one drain of ours at Heroku, and others.
func (f *fleet) wantConnected(app string, others int) {
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
