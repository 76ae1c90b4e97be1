package rotation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/drain"
)

// reaper kills a rotation at the at-th thing that it does, before that or after it: nothing is done from then on.
type reaper struct {
	at     int
	after  bool
	passed int
}

var errDead = errors.New("killed")

func (r *reaper) pass(do func() error) error {
	r.passed++
	if r.passed > r.at || r.passed == r.at && !r.after {
		return errDead
	}
	err := do()
	if r.passed == r.at {
		return errDead
	}
	return err
}

// mortal is a Rotator all of whose calls and waits pass the reaper.
func (w *world) mortal(r *reaper) *rotation.Rotator {
	c := *w.Connector
	c.API, c.Heroku, c.Logs = mortalAPI{c.API, r}, mortalHeroku{c.Heroku, r}, mortalLogs{c.Logs, r}
	c.Wait = func(ctx context.Context, d time.Duration) error {
		return r.pass(func() error { return w.wait(ctx, d) })
	}
	return &rotation.Rotator{Connector: &c, Secrets: mortalSecrets{w.Secrets, r}, Secret: w.Secret, Width: 1}
}

// TestKilledAtAnyPoint kills a rotation at each of its steps, and rotates again; lines are written all the while.
func TestKilledAtAnyPoint(t *testing.T) {
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "blog", "shop")
			all := []*traffic{w.begin("blog"), w.begin("shop")}
			steps := 1
			for w.killed(&reaper{at: steps, after: after}) {
				steps++
			}
			t.Logf("killed at each of %d steps", steps-1)
			for _, tr := range all {
				tr.end()
			}
		})
	}
}

// killed kills a rotation, and rotates again; it tells whether the first did not come to its end by itself.
func (w *world) killed(r *reaper) bool {
	w.t.Helper()
	before, _ := w.labels()
	w.run(w.mortal(r))
	first, _ := w.labels()
	if !w.run(w.Rotator) {
		w.t.Error("the second rotation failed")
	}
	w.wantCurrent()
	switch second, previous := w.labels(); {
	case first == before && previous != before:
		w.t.Error("no key was made by the first rotation, and not one by the second")
	case first != before && second != first && previous != first:
		w.t.Error("the second rotation made more than one key")
	}
	if w.t.Failed() {
		w.t.Fatalf("killed at step %d, after it: %t", r.at, r.after)
	}
	return r.passed >= r.at
}

// run is a rotation from its survey on; it tells whether it came to its end.
func (w *world) run(r *rotation.Rotator) bool {
	ctx := w.t.Context()
	s, err := r.Survey(ctx, "")
	if err != nil || s.Any(rotation.Unknown) {
		return false
	}
	behind := s.Any(rotation.Behind)
	if !behind {
		if err := r.NewKey(ctx, s); err != nil {
			return false
		}
	}
	well := true
	for _, app := range s.Apps {
		if behind && app.State == rotation.Current {
			continue
		}
		well = r.Move(ctx, app).Err == nil && well
	}
	return well
}

type mortalAPI struct {
	connect.API
	r *reaper
}

func (m mortalAPI) Put(ctx context.Context, app string, s drain.Patch) (d drain.Drain, created bool, err error) {
	err = m.r.pass(func() (err error) {
		d, created, err = m.API.Put(ctx, app, s)
		return err
	})
	return d, created, err
}

func (m mortalAPI) Get(ctx context.Context, app string) (d drain.Drain, err error) {
	err = m.r.pass(func() (err error) {
		d, err = m.API.Get(ctx, app)
		return err
	})
	return d, err
}

func (m mortalAPI) List(ctx context.Context) (all []drain.Drain, err error) {
	err = m.r.pass(func() (err error) {
		all, err = m.API.List(ctx)
		return err
	})
	return all, err
}

type mortalHeroku struct {
	connect.Heroku
	r *reaper
}

func (m mortalHeroku) Drains(ctx context.Context, app string) (all []heroku.Drain, err error) {
	err = m.r.pass(func() (err error) {
		all, err = m.Heroku.Drains(ctx, app)
		return err
	})
	return all, err
}

func (m mortalHeroku) AddDrain(ctx context.Context, app, drainURL string) (d heroku.Drain, err error) {
	err = m.r.pass(func() (err error) {
		d, err = m.Heroku.AddDrain(ctx, app, drainURL)
		return err
	})
	return d, err
}

func (m mortalHeroku) RemoveDrain(ctx context.Context, app, id string) error {
	return m.r.pass(func() error { return m.Heroku.RemoveDrain(ctx, app, id) })
}

type mortalLogs struct {
	connect.Logs
	r *reaper
}

func (m mortalLogs) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	out *cloudwatchlogs.FilterLogEventsOutput, err error) {
	err = m.r.pass(func() (err error) {
		out, err = m.Logs.FilterLogEvents(ctx, in, opts...)
		return err
	})
	return out, err
}

type mortalSecrets struct {
	rotation.Secrets
	r *reaper
}

func (m mortalSecrets) DescribeSecret(ctx context.Context, in *secretsmanager.DescribeSecretInput, opts ...func(*secretsmanager.Options)) (
	out *secretsmanager.DescribeSecretOutput, err error) {
	err = m.r.pass(func() (err error) {
		out, err = m.Secrets.DescribeSecret(ctx, in, opts...)
		return err
	})
	return out, err
}

func (m mortalSecrets) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, opts ...func(*secretsmanager.Options)) (
	out *secretsmanager.PutSecretValueOutput, err error) {
	err = m.r.pass(func() (err error) {
		out, err = m.Secrets.PutSecretValue(ctx, in, opts...)
		return err
	})
	return out, err
}
