package heroku_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/heroku/herokufake"
)

// tokenTime is how long Heroku takes to give a request back.
const tokenTime = 800 * time.Millisecond

func TestFewTokensSlowACallDown(t *testing.T) {
	w := newWorld(t, herokufake.Options{})
	ask := func() {
		t.Helper()
		if _, err := w.client.Account(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.SetTokens(451)
	ask() // leaves 450
	ask() // leaves 449
	if len(w.pauses) != 0 {
		t.Fatalf("pauses %v while there are tokens enough", w.pauses)
	}
	ask()
	ask()
	if diff := cmp.Diff([]time.Duration{tokenTime, tokenTime}, w.pauses); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	w.SetTokens(4500)
	ask() // does not know yet
	ask()
	if len(w.pauses) != 3 {
		t.Errorf("pauses %v", w.pauses)
	}
}

func TestNoTokensAreWaitedFor(t *testing.T) {
	w := newWorld(t, herokufake.Options{})
	w.SetTokens(0)
	w.paused = func() { w.SetTokens(4500) }
	if _, err := w.client.Account(t.Context()); err != nil {
		t.Error(err)
	}
	if n := len(w.Requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestNoTokensForGood(t *testing.T) {
	w := newWorld(t, herokufake.Options{})
	w.SetTokens(0)
	_, err := w.client.Account(t.Context())
	refused(t, err, heroku.ErrRateLimited)
	if !strings.Contains(err.Error(), "rate limit Please wait") { // Heroku says it in two lines
		t.Errorf("error %v", err)
	}
}

// TestTheSlowPaceIsOfAllRequests makes sure that many requests at once are no faster than Heroku gives them back.
func TestTheSlowPaceIsOfAllRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, pace := time.Now(), heroku.SlowPace()
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if err := pace(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took != 5*tokenTime {
			t.Errorf("5 requests waited %s", took)
		}
	})
}

func TestAPlaceInTheQueueIsLeftWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pace := heroku.SlowPace()
		go func() { _ = pace(t.Context()) }()
		synctest.Wait() // it is in its pause
		late := errors.New("not done in time")
		ctx, cancel := context.WithTimeoutCause(t.Context(), tokenTime/2, late)
		defer cancel()
		began := time.Now()
		if err := pace(ctx); !errors.Is(err, late) || time.Since(began) != tokenTime/2 {
			t.Errorf("error %v after %s", err, time.Since(began))
		}
	})
}
