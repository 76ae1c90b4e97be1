package patient_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/lambda/patient"
)

var (
	errDown    = errors.New("down")
	errMissing = errors.New("missing")
)

func missing(err error) bool { return errors.Is(err, errMissing) }

// failing makes a call that fails with these errors in turn, then succeeds, and counts its tries.
func failing(errs ...error) (call func(context.Context) error, tries *int) {
	tries = new(int)
	return func(context.Context) error {
		*tries++
		if *tries <= len(errs) {
			return errs[*tries-1]
		}
		return nil
	}, tries
}

func TestDo(t *testing.T) {
	tests := []struct {
		name  string
		errs  []error
		want  error
		tries int
	}{
		{"at once", nil, nil, 1},
		{"after an outage", []error{errDown, errDown, errDown}, nil, 4},
		{"a final answer", []error{errMissing}, errMissing, 1},
		{"a final answer after an outage", []error{errDown, errMissing}, errMissing, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
				defer cancel()
				call, tries := failing(test.errs...)
				if err := patient.Do(ctx, missing, call); !errors.Is(err, test.want) {
					t.Errorf("Do = %v, want %v", err, test.want)
				}
				if *tries != test.tries {
					t.Errorf("%d tries, want %d", *tries, test.tries)
				}
			})
		})
	}
}

func TestDoTriesUntilTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		began, tries, last := time.Now(), 0, time.Time{}
		err := patient.Do(ctx, missing, func(context.Context) error {
			tries++
			if last = time.Now(); tries == 2 && last.Sub(began) > 50*time.Millisecond {
				t.Errorf("the second try came after %s", last.Sub(began))
			}
			return errDown
		})
		if !errors.Is(err, errDown) || !strings.Contains(err.Error(), "gave up after") {
			t.Errorf("Do = %v, want the last cause, and how often it was tried", err)
		}
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("Do gave up after %s, want 4s", took)
		}
		if rest := 4*time.Second - last.Sub(began); tries < 8 || rest > 500*time.Millisecond {
			t.Errorf("%d tries, the last one %s before the end: want at least 8, and one in the last half second", tries, rest)
		}
	})
}

func TestDoCutsATryShortThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		tries := 0
		err := patient.Do(ctx, missing, func(ctx context.Context) error {
			if tries++; tries == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		if err != nil || tries != 2 {
			t.Errorf("Do = %v after %d tries, want success with the second", err, tries)
		}
	})
}

// What the last try was cut short by says less than what the service answered before.
func TestDoKeepsTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		tries := 0
		err := patient.Do(ctx, missing, func(ctx context.Context) error {
			if tries++; tries == 1 {
				return errDown
			}
			<-ctx.Done()
			return ctx.Err()
		})
		if !errors.Is(err, errDown) {
			t.Errorf("Do = %v, want %v", err, errDown)
		}
	})
}
