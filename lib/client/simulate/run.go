package simulate

import (
	"context"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/clock"
)

// Plan is how much Run sends, and how fast.
type Plan struct {
	Lines    int           // stop after this many lines; 0 for no limit
	Duration time.Duration // stop after this time; 0 for no limit
	Rate     float64       // lines per second; 0 for as fast as the drain responds
	// Size is the body size of a POST in bytes, at most delivery.MaxBytes. If 0, it is the maximum with a Rate, and random without.
	Size int
}

// Totals are the results of a run.
type Totals struct {
	Batches     int
	Lines       int
	Bytes       int
	Retries     int // POSTs beyond the first of each batch
	LostBatches int
	LostLines   int
	Answers     map[int]int // batches by the status of the last response; 0 for no response
}

// Add adds the result of one batch.
func (t *Totals) Add(r delivery.Result) {
	t.Batches++
	t.Lines += r.Lines
	t.Bytes += r.Bytes
	t.Retries += r.Tries - 1
	if r.Lost {
		t.LostBatches++
		t.LostLines += r.Lines
	}
	if t.Answers == nil {
		t.Answers = map[int]int{}
	}
	t.Answers[r.Status]++
}

// Run sends lines according to a plan, and calls report after each batch. With a Rate, a batch has the lines that became due since the last
// response, as in Logplex: those of a quiet app are sent one by one. Run returns when the plan is completed, or when ctx ends, with the error of
// ctx and the totals so far.
func Run(ctx context.Context, g *Generator, s Poster, p Plan, report func(delivery.Result)) (Totals, error) {
	var totals Totals
	start := time.Now()
	for {
		due := delivery.MaxLines
		if p.Lines > 0 {
			due = p.Lines - totals.Lines
		}
		if due <= 0 {
			return totals, nil
		}
		if p.Rate > 0 {
			next := time.Duration(float64(totals.Lines) / p.Rate * float64(time.Second))
			if p.Duration > 0 && next >= p.Duration {
				return totals, nil
			}
			if err := clock.Sleep(ctx, time.Until(start.Add(next))); err != nil {
				return totals, err
			}
			due = min(due, int(time.Since(start).Seconds()*p.Rate)+1-totals.Lines)
		}
		now := time.Now()
		if p.Duration > 0 && now.Sub(start) >= p.Duration {
			return totals, nil
		}
		r, err := s.Send(ctx, g.Batch(now, due, g.size(p)))
		if err != nil {
			return totals, err
		}
		totals.Add(r)
		report(r)
	}
}

// size returns the maximum body size of the next batch. A random size is between that of a short line and delivery.MaxBytes, on a logarithmic
// scale.
func (g *Generator) size(p Plan) int {
	switch {
	case p.Size > 0:
		return p.Size
	case p.Rate > 0:
		return delivery.MaxBytes
	}
	return delivery.MaxBytes >> g.batches.IntN(10)
}
