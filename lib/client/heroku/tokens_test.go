package heroku_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/local/herokufake"
)

// tokenTime is the time in which Heroku adds a token.
const tokenTime = 800 * time.Millisecond

func TestFewTokensSlowRequestsDown(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	ask := func() {
		t.Helper()
		if _, err := f.client.Account(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	f.SetTokens(451)
	ask() // leaves 450
	ask() // leaves 449
	if len(f.pauses) != 0 {
		t.Fatalf("pauses %v while there are enough tokens", f.pauses)
	}
	ask()
	ask()
	if diff := cmp.Diff([]time.Duration{tokenTime, tokenTime}, f.pauses); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	f.SetTokens(4500)
	ask() // the client does not know yet
	ask()
	if len(f.pauses) != 3 {
		t.Errorf("pauses %v", f.pauses)
	}
}

func TestACallWaitsForTokens(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.SetTokens(0)
	f.paused = func() { f.SetTokens(4500) }
	if _, err := f.client.Account(t.Context()); err != nil {
		t.Error(err)
	}
	if n := len(f.Requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestACallFailsWithoutTokens(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.SetTokens(0)
	_, err := f.client.Account(t.Context())
	checkError(t, err, heroku.ErrRateLimited)
	if !strings.Contains(err.Error(), "rate limit Please wait") { // Heroku's message has two lines
		t.Errorf("error %v", err)
	}
}

// TestConcurrentRequestsShareTheSlowPace checks that concurrent requests together are no faster than Heroku adds tokens.
func TestConcurrentRequestsShareTheSlowPace(t *testing.T) {
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

func TestWaitingForAnotherRequestEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pace := heroku.SlowPace()
		go func() { _ = pace(t.Context()) }()
		synctest.Wait() // for its pause
		late := errors.New("not done in time")
		ctx, cancel := context.WithTimeoutCause(t.Context(), tokenTime/2, late)
		defer cancel()
		began := time.Now()
		if err := pace(ctx); !errors.Is(err, late) || time.Since(began) != tokenTime/2 {
			t.Errorf("error %v after %s", err, time.Since(began))
		}
	})
}

// TestWaitingForTokensDoesNotCount checks that requests which wait for their turn do not use up the time of what they are made for.
func TestWaitingForTokensDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pace := heroku.SlowPace()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				ctx, cancel := deadline.Limit(t.Context(), tokenTime/2)
				defer cancel()
				if err := pace(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestLeast(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	want := func(requests int, want time.Duration) {
		t.Helper()
		if got := f.client.Least(requests); got != want {
			t.Errorf("%d requests take at least %s, want %s", requests, got, want)
		}
	}
	want(4050, 0) // an account has no more than this
	want(4051, tokenTime)
	for tokens, requests := range map[int]int{551: 100, 451: 0, 101: 0} {
		f.SetTokens(tokens)
		if _, err := f.client.Account(t.Context()); err != nil {
			t.Fatal(err)
		}
		want(requests, 0)
		want(requests+75, time.Minute)
	}
}

// TestALateResponseChangesNothing checks that the response to an older request does not replace the number of tokens of a newer one.
func TestALateResponseChangesNothing(t *testing.T) {
	held, release := make(chan struct{}), make(chan struct{})
	left := []string{"4000", "460"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("RateLimit-Remaining", left[0])
		if left = left[1:]; len(left) == 1 {
			close(held)
			<-release
		}
		_, _ = io.WriteString(w, `{"email": "ada@example.com"}`)
	}))
	defer server.Close()
	client, err := heroku.New(heroku.Config{URL: server.URL, Key: herokufake.DefaultKey})
	if err != nil {
		t.Fatal(err)
	}
	older := make(chan error)
	go func() {
		_, err := client.Account(t.Context())
		older <- err
	}()
	<-held
	_, err = client.Account(t.Context())
	close(release)
	if err := errors.Join(err, <-older); err != nil {
		t.Fatal(err)
	}
	if got := client.Least(11); got != tokenTime {
		t.Errorf("11 requests take at least %s, want %s", got, tokenTime)
	}
}
