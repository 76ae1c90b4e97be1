package rotation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/local/localtest"
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
	return &rotation.Rotator{Connector: clienttest.Intercept(f.Connector, s.pass), Secrets: stoppableSecrets{f.Secrets, s}, Secret: f.Secret, MaxParallel: 1}
}

// TestStoppedAtEachStep stops a rotation at each of its steps, and rotates again, while the apps write lines. With the race detector, it takes
// every fourth step.
func TestStoppedAtEachStep(t *testing.T) {
	every := 1
	if localtest.RaceDetector {
		every = 4
	}
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, "blog", "shop")
			all := []*traffic{f.startTraffic("blog"), f.startTraffic("shop")}
			steps := 1
			for f.resumed(&stopper{at: steps, after: after}) {
				steps += every
			}
			t.Logf("stopped at steps 1 to %d, every %d", steps-every, every)
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
