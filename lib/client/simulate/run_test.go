package simulate_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
)

func ignore(delivery.Result) {}

// fakeDrain answers each POST with the next of its statuses, and with the last of them from then on.
type fakeDrain struct {
	url      string
	statuses []int

	mu    sync.Mutex
	posts int
	bytes int
}

func newDrain(t *testing.T, statuses ...int) *fakeDrain {
	d := &fakeDrain{statuses: statuses}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	d.url = strings.Replace(server.URL, "://", "://shop:s3cret@", 1) + "/drains/shop"
	return d
}

func (d *fakeDrain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, _ := io.Copy(io.Discard, r.Body)
	d.mu.Lock()
	defer d.mu.Unlock()
	w.WriteHeader(d.statuses[min(d.posts, len(d.statuses)-1)])
	d.posts++
	d.bytes += int(n)
}

// received returns how many POSTs arrived, and how many bytes in them.
func (d *fakeDrain) received() (posts, bytes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.posts, d.bytes
}

func (d *fakeDrain) sender(t *testing.T) *delivery.Sender {
	t.Helper()
	s, err := delivery.NewSender(d.url, "d.01234567-89ab-4cde-8f01-23456789abcd")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunSendsTheLinesOfThePlan(t *testing.T) {
	tests := map[string]simulate.Plan{
		"as fast as possible": {Lines: 3000},
		"one by one":          {Lines: 40, Size: 1},
		"at a rate":           {Lines: 40, Rate: 1e6},
	}
	for name, plan := range tests {
		t.Run(name, func(t *testing.T) {
			drain := newDrain(t, http.StatusOK)
			results := 0
			count := func(r delivery.Result) { results += r.Lines }
			totals, err := simulate.Run(t.Context(), simulate.New("shop", 1), drain.sender(t), plan, count)
			if err != nil {
				t.Fatal(err)
			}
			posts, bytes := drain.received()
			want := simulate.Totals{Batches: posts, Lines: plan.Lines, Bytes: bytes, Answers: map[int]int{200: posts}}
			if diff := cmp.Diff(want, totals); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
			if results != plan.Lines {
				t.Errorf("report got %d lines", results)
			}
			if plan.Size == 1 && posts != plan.Lines {
				t.Errorf("%d posts for %d lines", posts, plan.Lines)
			}
		})
	}
}

func TestRunEndsWithItsDuration(t *testing.T) {
	tests := map[string]simulate.Plan{
		"as fast as possible": {Duration: 30 * time.Millisecond},
		// The second line is due after an hour: Run must send the first one, and not wait for the second.
		"at a rate": {Duration: 30 * time.Millisecond, Rate: 1.0 / 3600},
	}
	for name, plan := range tests {
		t.Run(name, func(t *testing.T) {
			totals, err := simulate.Run(t.Context(), simulate.New("shop", 1), newDrain(t, http.StatusOK).sender(t), plan, ignore)
			if err != nil {
				t.Fatal(err)
			}
			if totals.Lines == 0 || plan.Rate > 0 && totals.Lines != 1 {
				t.Errorf("%d lines", totals.Lines)
			}
		})
	}
}

func TestRunCountsLosses(t *testing.T) {
	drain := newDrain(t, 503, 503, 503, 200, 400, 200)
	totals, err := simulate.Run(t.Context(), simulate.New("shop", 1), drain.sender(t), simulate.Plan{Lines: 5, Size: 1}, ignore)
	if err != nil {
		t.Fatal(err)
	}
	totals.Bytes = 0 // depends on the times in the L10 lines
	want := simulate.Totals{Batches: 5, Lines: 5, Retries: 2, LostBatches: 2, LostLines: 2, Answers: map[int]int{503: 1, 400: 1, 200: 3}}
	if diff := cmp.Diff(want, totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sent := 0
	sender := newDrain(t, http.StatusOK).sender(t)
	totals, err := simulate.Run(ctx, simulate.New("shop", 1), sender, simulate.Plan{Size: 1}, func(delivery.Result) {
		if sent++; sent == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || totals.Batches != 3 {
		t.Errorf("%d batches, error %v", totals.Batches, err)
	}
}
