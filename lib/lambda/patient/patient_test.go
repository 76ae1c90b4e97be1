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

// failing returns a call that fails with these errors in turn, then succeeds, and the number of attempts.
func failing(errs ...error) (call func(context.Context) error, attempts *int) {
	attempts = new(int)
	return func(context.Context) error {
		*attempts++
		if *attempts <= len(errs) {
			return errs[*attempts-1]
		}
		return nil
	}, attempts
}

func TestDo(t *testing.T) {
	tests := []struct {
		name     string
		errs     []error
		want     error
		attempts int
	}{
		{"success at once", nil, nil, 1},
		{"success after an outage", []error{errDown, errDown, errDown}, nil, 4},
		{"a permanent error", []error{errMissing}, errMissing, 1},
		{"a permanent error after an outage", []error{errDown, errMissing}, errMissing, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
				defer cancel()
				call, attempts := failing(test.errs...)
				if err := patient.Do(ctx, missing, call); !errors.Is(err, test.want) {
					t.Errorf("Do = %v, want %v", err, test.want)
				}
				if *attempts != test.attempts {
					t.Errorf("%d attempts, want %d", *attempts, test.attempts)
				}
			})
		})
	}
}

func TestDoRetriesUntilTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		start, attempts, last := time.Now(), 0, time.Time{}
		err := patient.Do(ctx, missing, func(context.Context) error {
			attempts++
			if last = time.Now(); attempts == 2 && last.Sub(start) > 50*time.Millisecond {
				t.Errorf("the second attempt came after %s", last.Sub(start))
			}
			return errDown
		})
		if !errors.Is(err, errDown) || !strings.Contains(err.Error(), "gave up after") {
			t.Errorf("Do = %v, want the last error, and the number of attempts", err)
		}
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("Do gave up after %s, want 4s", took)
		}
		if rest := 4*time.Second - last.Sub(start); attempts < 8 || rest > 500*time.Millisecond {
			t.Errorf("%d attempts, the last one %s before the deadline, want at least 8, and one in the last half second", attempts, rest)
		}
	})
}

func TestDoCutsOffAnAttemptThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		attempts := 0
		err := patient.Do(ctx, missing, func(ctx context.Context) error {
			if attempts++; attempts == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		if err != nil || attempts != 2 {
			t.Errorf("Do = %v after %d attempts, want success with the second", err, attempts)
		}
	})
}

// That the last attempt was cut off says less than what the service answered before.
func TestDoKeepsTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		attempts := 0
		err := patient.Do(ctx, missing, func(ctx context.Context) error {
			if attempts++; attempts == 1 {
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
