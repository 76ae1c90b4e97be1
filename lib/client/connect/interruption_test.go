package connect_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
)

// interruption is a way in which a run ends early.
type interruption string

const (
	killed      interruption = "killed"      // nothing runs afterwards
	interrupted interruption = "interrupted" // before a step; the run may still clean up
	unanswered  interruption = "unanswered"  // after a step is done and before the run gets its answer; it may still clean up
)

// interrupter interrupts a run at one of its steps.
type interrupter struct {
	at     int // the step, from 1
	how    interruption
	cancel func() // ends the run's context
	steps  int    // so far
}

func (i *interrupter) step(do func() error) error {
	i.steps++
	if i.steps != i.at {
		return do()
	}
	switch i.how {
	case killed:
		runtime.Goexit()
	case interrupted:
		i.cancel()
		return do()
	}
	err := do()
	i.cancel()
	if err == nil {
		err = context.Canceled
	}
	return err
}

// Step makes a step of what the Connector reports, because not everything that it does is a call of an interface: the POST of a test line is not.
func (i *interrupter) Step(string, ...any)   { _ = i.step(func() error { return nil }) }
func (i *interrupter) Detail(string, ...any) {}

// Countdown is not a step of its own: the wait after it is one.
func (i *interrupter) Countdown(time.Duration, func(time.Duration) string) {}

func (i *interrupter) Tally(string, int, func(int) time.Duration) {}

func (i *interrupter) Tick() {}

// run runs a function until it returns or the interrupter kills it.
func run(do func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		do()
	}()
	<-ended
}

// interruptEachStep interrupts do in each way, at each of its steps in turn, until it gets through. Each run has an app of its own, which prepare
// puts into its first state. check runs after each run. With the race detector, it takes every fourth step.
func (f *fixture) interruptEachStep(prepare func(app string), do func(context.Context, *connect.Connector, string),
	check func(how interruption, app string)) {
	every := 1
	if localtest.RaceDetector {
		every = 4
	}
	for _, how := range []interruption{killed, interrupted, unanswered} {
		for n := 1; ; n += every {
			app := f.AddApp(fmt.Sprintf("%s-%d", how, n))
			prepare(app)
			ctx, cancel := context.WithCancel(f.t.Context())
			i := &interrupter{at: n, how: how, cancel: cancel}
			c := clienttest.Intercept(f.Connector, i.step)
			c.Progress = i
			run(func() { do(ctx, c, app) })
			cancel()
			check(how, app)
			if f.t.Failed() {
				f.t.Fatalf("%s at step %d", how, n)
			}
			_, _ = f.API.Delete(f.t.Context(), app, drain.DeleteOptions{}) // its pollers would slow down the next run
			if i.steps < n {
				f.t.Logf("%s at steps 1 to %d of %d, every %d", how, n-every, i.steps, every)
				break
			}
		}
	}
}

func TestPutRepairsAPutInterruptedAtAnyStep(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(f *fixture, app string){
		"from nothing":                func(*fixture, string) {},
		"with an old drain at Heroku": func(f *fixture, app string) { f.AddStaleDrain(app) },
		"from a kept log stream":      (*fixture).createStream,
		"from a whole drain":          func(f *fixture, app string) { f.put(app) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, herokufake.Options{})
			var failed error
			put := func(ctx context.Context, c *connect.Connector, app string) {
				failed = nil
				_, failed = c.Put(ctx, app, connect.PutOptions{}) // fails if it is interrupted
			}
			f.interruptEachStep(func(app string) { prepare(f, app) }, put, func(how interruption, app string) {
				if how != killed && !(how == unanswered && unknownCreator(failed)) {
					f.checkBothOrNeither(app)
				}
				f.put(app)
				f.CheckConnected(app)
			})
		})
	}
}

// unknownCreator reports whether a Put failed without the API's answer to PUT. It must keep an AWS side that may be another run's.
func unknownCreator(err error) bool {
	return err != nil && strings.Contains(err.Error(), "another run may have created the AWS side, so it is kept")
}

func TestDeleteFinishesADeleteInterruptedAtAnyStep(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(f *fixture, app string){
		"a whole drain": func(f *fixture, app string) { f.put(app) },
		"with an old drain at Heroku": func(f *fixture, app string) {
			f.put(app)
			f.AddStaleDrain(app)
		},
		"a kept log stream": (*fixture).createStream,
		"Heroku alone":      func(f *fixture, app string) { f.AddStaleDrain(app) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, herokufake.Options{})
			remove := func(ctx context.Context, c *connect.Connector, app string) {
				if conn, err := c.Find(ctx, app); err == nil {
					_, _ = c.Delete(ctx, conn, connect.DeleteOptions{}) // fails if it is interrupted
				}
			}
			f.interruptEachStep(func(app string) { prepare(f, app) }, remove, func(_ interruption, app string) {
				f.delete(app, connect.DeleteOptions{})
				f.CheckGone(app)
			})
		})
	}
}
