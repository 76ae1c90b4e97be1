package connect_test

import (
	"context"
	"fmt"
	"testing"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
)

// die does what it is told in a world of its own, which ends when the reaper strikes, as a killed process does: nothing runs after it.
func die(do func()) {
	dead := make(chan struct{})
	go func() {
		defer close(dead)
		do()
	}()
	<-dead
}

// eachStep runs do again and again, on an app each, and ends it at each of its steps in turn, until it gets through. Then check is to find
// what it wants.
func (w *world) eachStep(prepare func(app string), do func(context.Context, *connect.Connector, string), check func(how end, app string)) {
	for _, how := range []end{killed, interrupted, unanswered} {
		for n := 1; ; n++ {
			app := fmt.Sprintf("%s-%d", how, n)
			w.app(app)
			prepare(app)
			ctx, cancel := context.WithCancel(w.t.Context())
			r := &reaper{at: n, end: how, interrupt: cancel}
			die(func() { do(ctx, w.mortal(r), app) })
			cancel()
			check(how, app)
			if w.t.Failed() {
				w.t.Fatalf("%s at step %d", how, n)
			}
			_, _ = w.API.Delete(w.t.Context(), app, drain.DeleteOptions{}) // its pollers would slow down the next
			if r.passed < n {
				w.t.Logf("%s at each of %d steps", how, n-1)
				break
			}
		}
	}
}

func TestPutKilledAtEachStepIsHealedByPut(t *testing.T) {
	for name, prepare := range map[string]func(w *world, app string){
		"from nothing":                func(*world, string) {},
		"with an old drain at Heroku": (*world).stale,
		"from a kept log stream":      (*world).stream,
		"from a whole drain":          func(w *world, app string) { w.put(app) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			put := func(ctx context.Context, c *connect.Connector, app string) {
				_, _ = c.Put(ctx, app, connect.PutOptions{}) // fails as it is ended
			}
			w.eachStep(func(app string) { prepare(w, app) }, put, func(how end, app string) {
				if how != killed {
					w.wantBothOrNeither(app)
				}
				w.put(app)
				w.wantWhole(app)
			})
		})
	}
}

func TestDeleteKilledAtEachStepIsFinishedByDelete(t *testing.T) {
	for name, prepare := range map[string]func(w *world, app string){
		"a whole drain": func(w *world, app string) { w.put(app) },
		"with an old drain at Heroku": func(w *world, app string) {
			w.put(app)
			w.stale(app)
		},
		"a kept log stream": (*world).stream,
		"Heroku alone":      (*world).stale,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			remove := func(ctx context.Context, c *connect.Connector, app string) {
				if conn, err := c.Find(ctx, app); err == nil {
					_, _ = c.Delete(ctx, conn, connect.DeleteOptions{}) // fails as it is ended
				}
			}
			w.eachStep(func(app string) { prepare(w, app) }, remove, func(_ end, app string) {
				w.delete(app, connect.DeleteOptions{})
				w.wantNone(app)
			})
		})
	}
}
