package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/clock"
)

func TestSleep(t *testing.T) {
	errEnded := errors.New("the test ended it")
	for name, tt := range map[string]struct {
		sleep, end time.Duration // end is when the context ends
		took       time.Duration
		err        error
	}{
		"undisturbed":                      {sleep: time.Minute, end: time.Hour, took: time.Minute},
		"no time at all":                   {sleep: 0, end: time.Hour},
		"a time in the past":               {sleep: -time.Second, end: time.Hour},
		"ended meanwhile":                  {sleep: time.Minute, end: time.Second, took: time.Second, err: errEnded},
		"ended before":                     {sleep: time.Minute, err: errEnded},
		"ended before, and no time at all": {sleep: 0, err: errEnded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if tt.end == 0 {
					cancel(errEnded)
				} else {
					defer time.AfterFunc(tt.end, func() { cancel(errEnded) }).Stop()
				}
				began := time.Now()
				err := clock.Sleep(ctx, tt.sleep)
				if took := time.Since(began); took != tt.took || !errors.Is(err, tt.err) {
					t.Errorf("returned %v after %s, want %v after %s", err, took, tt.err, tt.took)
				}
			})
		})
	}
}
