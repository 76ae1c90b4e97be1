package simulate_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/simulate"
)

func ignore(simulate.Result) {}

func TestRunSendsThePlannedLines(t *testing.T) {
	tests := map[string]simulate.Plan{
		"as fast as possible": {Lines: 3000},
		"one by one":          {Lines: 40, Size: 1},
		"at a rate":           {Lines: 40, Rate: 1e6},
	}
	for name, plan := range tests {
		t.Run(name, func(t *testing.T) {
			drain := newServer(t, http.StatusOK)
			results := 0
			count := func(r simulate.Result) { results += r.Lines }
			totals, err := simulate.Run(t.Context(), simulate.New("shop", 1), newSender(t, drain.URL), plan, count)
			if err != nil {
				t.Fatal(err)
			}
			bytes := 0
			for _, p := range drain.seen() {
				bytes += len(p.Body)
			}
			posts := len(drain.seen())
			want := simulate.Totals{Batches: posts, Lines: plan.Lines, Bytes: bytes, Answers: map[int]int{200: posts}}
			if diff := cmp.Diff(want, totals); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
			if results != plan.Lines {
				t.Errorf("%d lines were reported", results)
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
		// The second line would be due after an hour: the first must go out, and nobody waits for the second.
		"at a rate": {Duration: 30 * time.Millisecond, Rate: 1.0 / 3600},
	}
	for name, plan := range tests {
		t.Run(name, func(t *testing.T) {
			totals, err := simulate.Run(t.Context(), simulate.New("shop", 1), newSender(t, newServer(t, http.StatusOK).URL), plan, ignore)
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
	drain := newServer(t, 503, 503, 503, 200, 400, 200)
	totals, err := simulate.Run(t.Context(), simulate.New("shop", 1), newSender(t, drain.URL), simulate.Plan{Lines: 5, Size: 1}, ignore)
	if err != nil {
		t.Fatal(err)
	}
	totals.Bytes = 0 // L10 lines make it depend on their time
	want := simulate.Totals{Batches: 5, Lines: 5, Retries: 2, LostBatches: 2, LostLines: 2, Answers: map[int]int{503: 1, 400: 1, 200: 3}}
	if diff := cmp.Diff(want, totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sent := 0
	sender := newSender(t, newServer(t, http.StatusOK).URL)
	totals, err := simulate.Run(ctx, simulate.New("shop", 1), sender, simulate.Plan{Size: 1}, func(simulate.Result) {
		if sent++; sent == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || totals.Batches != 3 {
		t.Errorf("%d batches, error %v", totals.Batches, err)
	}
}
