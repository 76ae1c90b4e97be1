package cli_test

import (
	"context"
	"io"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/local/awslocal"
)

// syncEnded ends a sync by strike, which inject sets on its n-th call for n from 0 on, until a sync is not struck; after each it syncs again,
// and checks that there is one drain on both sides then.
func syncEnded(t *testing.T, run func(ctx context.Context, f *fleet, args ...string), inject func(f *fleet, n int, strike func()) (remove func())) {
	for n := 0; ; n++ {
		f := newFleet(t)
		f.heroku.AddApp(herokufake.App{Name: "blog"})
		f.heroku.AddApp(herokufake.App{Name: "shop"})
		file := fleetFile(t, "apps: {blog: , shop: {format: json}}\n")
		ctx, cancel := context.WithCancel(t.Context())
		var struck atomic.Bool
		remove := inject(f, n, func() { struck.Store(true); cancel() })
		run(ctx, f, "sync", "--file", file, "--yes")
		cancel()
		remove()
		f.AWS.Advance(time.Minute + time.Second) // what was undone has blocked its queue's name
		f.run(0, "sync", "--file", file, "--yes")
		f.wantSynced(file)
		for _, app := range []string{"blog", "shop"} {
			if drains := len(f.heroku.Drains(app)); drains != 1 {
				t.Errorf("%s has %d drains at Heroku", app, drains)
			}
		}
		if t.Failed() {
			t.Fatalf("ended at call %d", n+1)
		}
		if !struck.Load() {
			t.Logf("ended at each of %d calls", n)
			return
		}
	}
}

// interruptible runs the program here: it tidies up when it is interrupted.
func interruptible(ctx context.Context, f *fleet, args ...string) {
	mainThatWaits(ctx, f.local(args...), io.Discard, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
}

// mortal runs the program as a process, which is killed when ctx ends.
func mortal(ctx context.Context, f *fleet, args ...string) {
	_ = exec.CommandContext(ctx, "hurried-cli", f.local(args...)...).Run() // being killed is an error
}

// atHeroku strikes at a request to Heroku.
func atHeroku(f *fleet, n int, strike func()) func() {
	return f.heroku.Inject(herokufake.Fault{Skip: n, Times: 1, Before: strike})
}

// atAWS strikes when the functions, or the program, call AWS.
func atAWS(f *fleet, n int, strike func()) func() {
	var calls atomic.Int64
	return f.AWS.OnCall(func(awslocal.Call) {
		if calls.Add(1) == int64(n)+1 {
			strike()
		}
	})
}

func TestSyncInterrupted(t *testing.T) { syncEnded(t, interruptible, atHeroku) }

func TestSyncKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program at each of some fifty calls")
	}
	t.Run("at Heroku", func(t *testing.T) { syncEnded(t, mortal, atHeroku) })
	t.Run("at AWS", func(t *testing.T) { syncEnded(t, mortal, atAWS) })
}
