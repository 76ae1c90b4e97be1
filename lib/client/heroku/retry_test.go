package heroku_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/local/herokufake"
)

func TestWhatIsRetried(t *testing.T) {
	tests := map[string]struct {
		fault herokufake.Fault
		tries int
	}{
		"internal error":  {herokufake.Fault{Status: 500}, 2},
		"bad gateway":     {herokufake.Fault{Status: 502}, 2},
		"unavailable":     {herokufake.Fault{Status: 503}, 2},
		"time-out":        {herokufake.Fault{Status: 504}, 2},
		"rate limit":      {herokufake.Fault{Status: 429}, 2},
		"no response":     {herokufake.Fault{Drop: herokufake.DropBefore}, 2},
		"half a response": {herokufake.Fault{Drop: herokufake.DropHalfway}, 2},
		"bad request":     {herokufake.Fault{Status: 400}, 1},
		"unauthorized":    {herokufake.Fault{Status: 401}, 1},
		"delinquent":      {herokufake.Fault{Status: 402}, 1},
		"forbidden":       {herokufake.Fault{Status: 403}, 1},
		"not found":       {herokufake.Fault{Status: 404}, 1},
		"range":           {herokufake.Fault{Status: 416}, 1},
		"invalid":         {herokufake.Fault{Status: 422}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, herokufake.Options{})
			tt.fault.Times = 1
			f.Inject(tt.fault)
			_, err := f.client.Drains(t.Context(), "shop")
			if (err == nil) != (tt.tries > 1) {
				t.Errorf("error %v", err)
			}
			if n := len(f.Requests()); n != tt.tries || len(f.pauses) != tt.tries-1 {
				t.Errorf("%d tries with %d pauses, want %d", n, len(f.pauses), tt.tries)
			}
		})
	}
}

func TestTriesEnd(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.Inject(herokufake.Fault{Status: 503, Message: "We are at " + drainURL})
	_, err := f.client.Drains(t.Context(), "shop")
	refusal := checkError(t, err, heroku.ErrUnavailable)
	for _, part := range []string{
		"list the log drains of shop: ", "status.heroku.com", "HTTP 503: We are at https://shop:****@api", refusal.RequestID,
	} {
		if part == "" || !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
	if n := len(f.Requests()); n != 6 {
		t.Errorf("%d tries", n)
	}
	if len(f.pauses) != 5 {
		t.Fatalf("pauses %v", f.pauses)
	}
	for i, d := range f.pauses {
		if longest := 500 * time.Millisecond << i; d < longest/2 || d >= longest {
			t.Errorf("pause %d is %s, want at least %s and less than %s", i+1, d, longest/2, longest)
		}
	}
}

func TestPausesDiffer(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.Inject(herokufake.Fault{Status: 503})
	for range 4 {
		_, err := f.client.Account(t.Context())
		checkError(t, err, heroku.ErrUnavailable)
	}
	seen := map[time.Duration]bool{}
	for i := 4; i < len(f.pauses); i += 5 { // the fifth pause of each call: 4 to 8 seconds
		seen[f.pauses[i]] = true
	}
	if len(seen) < 2 {
		t.Errorf("pauses %v", f.pauses)
	}
}

func TestRetryAfter(t *testing.T) {
	tests := map[string]struct {
		status, seconds, tries int
	}{
		"seconds":          {429, 7, 2},
		"a minute":         {429, 60, 2},
		"too many seconds": {429, 61, 1},
		"an outage":        {503, 30, 2},
		"nonsense":         {503, -1, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, herokufake.Options{})
			f.Inject(herokufake.Fault{Times: 1, Status: tt.status, RetryAfter: tt.seconds})
			_, err := f.client.Drains(t.Context(), "shop")
			if tt.tries == 1 {
				if refusal := checkError(t, err, heroku.ErrRateLimited); refusal.RetryAfter != time.Duration(tt.seconds)*time.Second {
					t.Errorf("RetryAfter %s", refusal.RetryAfter)
				}
			} else if err != nil {
				t.Error(err)
			}
			if n := len(f.Requests()); n != tt.tries {
				t.Errorf("%d tries, want %d", n, tt.tries)
			}
			if tt.tries == 2 && tt.seconds > 0 && f.pauses[0] != time.Duration(tt.seconds)*time.Second {
				t.Errorf("paused %s, not %d s", f.pauses[0], tt.seconds)
			}
			if tt.seconds < 0 && f.pauses[0] < 250*time.Millisecond {
				t.Errorf("paused %s", f.pauses[0])
			}
		})
	}
}

func TestNoConnection(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.Close()
	_, err := f.client.Drains(t.Context(), "shop")
	if refusal := checkError(t, err, heroku.ErrUnavailable); refusal.Status != 0 || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error %v", err)
	}
	if want := "cannot reach Heroku at " + strings.TrimPrefix(f.URL(), "http://") + ": connection refused; check HEROKU_API_URL"; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
	if len(f.pauses) != 1 {
		t.Errorf("pauses %v: the host has never answered, so that it is not worth waiting for", f.pauses)
	}
}

func TestAConnectionThatIsLost(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	if _, err := f.client.Apps(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.Close()
	_, err := f.client.Drains(t.Context(), "shop")
	checkError(t, err, heroku.ErrUnavailable)
	if len(f.pauses) != 5 {
		t.Errorf("pauses %v: Heroku has answered before, so that it is worth waiting for", f.pauses)
	}
}

func TestAHostThatNeverAnswersIsTriedOnce(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // the kernel accepts connections, but nobody reads
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	f := newFixture(t, herokufake.Options{})
	_, err = f.newClient(t, heroku.Config{URL: "https://" + listener.Addr().String()}).Drains(t.Context(), "shop")
	checkError(t, err, heroku.ErrUnavailable)
	if !strings.Contains(err.Error(), ": no answer within 3s; ") || len(f.pauses) != 0 {
		t.Errorf("pauses %v: %v", f.pauses, err)
	}
}

func TestASlowTryIsGivenUp(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	remove := f.Inject(herokufake.Fault{Delay: time.Hour})
	c := f.newClient(t, heroku.Config{TryTimeout: 20 * time.Millisecond})
	_, err := c.Drains(t.Context(), "shop")
	checkError(t, err, heroku.ErrUnavailable)
	if !strings.Contains(err.Error(), "no response within 20ms") {
		t.Errorf("error %v", err)
	}
	if len(f.pauses) != 5 {
		t.Errorf("pauses %v", f.pauses)
	}
	remove()
	if _, err := f.newClient(t, heroku.Config{TryTimeout: time.Minute}).Drains(t.Context(), "shop"); err != nil {
		t.Error(err)
	}
}

func TestTheContextEndsACall(t *testing.T) {
	t.Run("during a request", func(t *testing.T) {
		f := newFixture(t, herokufake.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		f.Inject(herokufake.Fault{Before: cancel, Drop: herokufake.DropBefore})
		if _, err := f.client.Drains(ctx, "shop"); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if n := len(f.Requests()); n != 1 || len(f.pauses) != 0 {
			t.Errorf("%d requests, pauses %v", n, f.pauses)
		}
	})
	t.Run("during a pause", func(t *testing.T) {
		f := newFixture(t, herokufake.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		f.Inject(herokufake.Fault{Status: http.StatusServiceUnavailable})
		f.paused = cancel
		_, err := f.client.Drains(ctx, "shop")
		ended, ok := errors.AsType[*deadline.Error](err)
		if !errors.Is(err, context.Canceled) || !ok || !errors.Is(ended.Last, heroku.ErrUnavailable) {
			t.Errorf("error %v, want the end of the context and Heroku's last answer", err)
		}
		if n := len(f.Requests()); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestTheDefaultPauseEndsWithTheContext has a client without Pause wait.
func TestTheDefaultPauseEndsWithTheContext(t *testing.T) {
	f := newFixture(t, herokufake.Options{})
	f.Inject(herokufake.Fault{Status: http.StatusTooManyRequests, RetryAfter: 60})
	c, err := heroku.New(heroku.Config{URL: f.URL(), Key: herokufake.DefaultKey})
	if err != nil {
		t.Fatal(err)
	}
	late := errors.New("not done in time")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, late)
	defer cancel()
	if _, err := c.Drains(ctx, "shop"); !errors.Is(err, late) {
		t.Errorf("error %v", err)
	}
}
