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

// stopper stops a rotation before or after its at-th call or wait, as a crash does: all calls and waits fail from then on.
type stopper struct {
	at     int
	after  bool
	passed int
}

var errStopped = errors.New("stopped")

func (s *stopper) pass(do func() error) error {
	s.passed++
	if s.passed > s.at || s.passed == s.at && !s.after {
		return errStopped
	}
	err := do()
	if s.passed == s.at {
		return errStopped
	}
	return err
}

// stoppable returns a Rotator whose calls and waits all pass the stopper.
func (f *fixture) stoppable(s *stopper) *rotation.Rotator {
	c := *f.Connector
	c.API, c.Heroku, c.Logs = stoppableAPI{c.API, s}, stoppableHeroku{c.Heroku, s}, stoppableLogs{c.Logs, s}
	c.Wait = func(ctx context.Context, d time.Duration) error {
		return s.pass(func() error { return f.wait(ctx, d) })
	}
	return &rotation.Rotator{Connector: &c, Secrets: stoppableSecrets{f.Secrets, s}, Secret: f.Secret, MaxParallel: 1}
}

// TestStoppedAtEachStep stops a rotation at each of its steps, and rotates again, while the apps write lines.
func TestStoppedAtEachStep(t *testing.T) {
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, "blog", "shop")
			all := []*traffic{f.startTraffic("blog"), f.startTraffic("shop")}
			steps := 1
			for f.resumed(&stopper{at: steps, after: after}) {
				steps++
			}
			t.Logf("stopped at each of %d steps", steps-1)
			for _, tr := range all {
				tr.stop()
			}
		})
	}
}

// resumed stops a rotation, and rotates again. It reports whether the first rotation reached the step at which it was to stop.
func (f *fixture) resumed(s *stopper) bool {
	f.t.Helper()
	before, _ := f.keys()
	_, _ = f.stoppable(s).Rotate(f.t.Context(), rotation.Options{}, &progress{}) // it may fail or succeed
	first, _ := f.keys()
	f.rotate()
	f.wantCurrent()
	switch second, previous := f.keys(); {
	case first == before && previous != before:
		f.t.Error("the first rotation created no key, and the second did not create exactly one")
	case first != before && second != first && previous != first:
		f.t.Error("the second rotation created more than one key")
	}
	if f.t.Failed() {
		f.t.Fatalf("stopped at step %d, after it: %t", s.at, s.after)
	}
	return s.passed >= s.at
}

type stoppableAPI struct {
	connect.API
	s *stopper
}

func (r stoppableAPI) Put(ctx context.Context, app string, p drain.Patch) (d drain.Drain, created bool, err error) {
	err = r.s.pass(func() (err error) {
		d, created, err = r.API.Put(ctx, app, p)
		return err
	})
	return d, created, err
}

func (r stoppableAPI) Get(ctx context.Context, app string) (d drain.Drain, err error) {
	err = r.s.pass(func() (err error) {
		d, err = r.API.Get(ctx, app)
		return err
	})
	return d, err
}

func (r stoppableAPI) List(ctx context.Context) (all []drain.Drain, err error) {
	err = r.s.pass(func() (err error) {
		all, err = r.API.List(ctx)
		return err
	})
	return all, err
}

type stoppableHeroku struct {
	connect.Heroku
	s *stopper
}

func (r stoppableHeroku) Drains(ctx context.Context, app string) (all []heroku.Drain, err error) {
	err = r.s.pass(func() (err error) {
		all, err = r.Heroku.Drains(ctx, app)
		return err
	})
	return all, err
}

func (r stoppableHeroku) AddDrain(ctx context.Context, app, drainURL string) (d heroku.Drain, err error) {
	err = r.s.pass(func() (err error) {
		d, err = r.Heroku.AddDrain(ctx, app, drainURL)
		return err
	})
	return d, err
}

func (r stoppableHeroku) RemoveDrain(ctx context.Context, app, id string) error {
	return r.s.pass(func() error { return r.Heroku.RemoveDrain(ctx, app, id) })
}

type stoppableLogs struct {
	connect.Logs
	s *stopper
}

func (r stoppableLogs) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (
	out *cloudwatchlogs.FilterLogEventsOutput, err error) {
	err = r.s.pass(func() (err error) {
		out, err = r.Logs.FilterLogEvents(ctx, in, opts...)
		return err
	})
	return out, err
}

type stoppableSecrets struct {
	rotation.Secrets
	s *stopper
}

func (r stoppableSecrets) DescribeSecret(ctx context.Context, in *secretsmanager.DescribeSecretInput, opts ...func(*secretsmanager.Options)) (
	out *secretsmanager.DescribeSecretOutput, err error) {
	err = r.s.pass(func() (err error) {
		out, err = r.Secrets.DescribeSecret(ctx, in, opts...)
		return err
	})
	return out, err
}

func (r stoppableSecrets) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, opts ...func(*secretsmanager.Options)) (
	out *secretsmanager.PutSecretValueOutput, err error) {
	err = r.s.pass(func() (err error) {
		out, err = r.Secrets.PutSecretValue(ctx, in, opts...)
		return err
	})
	return out, err
}
