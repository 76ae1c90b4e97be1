package simulate

import (
	"context"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/clock"
)

// Plan is how much to send and how fast.
type Plan struct {
	Lines    int           // stop after so many lines; 0: no limit
	Duration time.Duration // stop after this time; 0: no limit
	Rate     float64       // lines per second; 0: as fast as the drain answers
	Size     int           // bytes of one POST's body, at most delivery.MaxBytes; 0: from a single line to delivery.MaxBytes when as fast as possible
}

// Totals is what became of a whole run.
type Totals struct {
	Batches     int
	Lines       int
	Bytes       int
	Retries     int // POSTs beyond the first of each batch
	LostBatches int
	LostLines   int
	Answers     map[int]int // batches by the last status; 0 is none
}

// Add counts one batch.
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

// Run sends a plan's lines and tells report of each batch. At a rate it sends what has come up since the last answer, as Logplex
// does: a quiet app's lines go one by one. It ends with the plan, or with ctx, whose error it then returns with the totals so far.
func Run(ctx context.Context, g *Generator, s *delivery.Sender, p Plan, report func(delivery.Result)) (Totals, error) {
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

// size is a body's size in bytes: the plan's, or one between a short line and the largest, small ones being as frequent as large ones.
func (g *Generator) size(p Plan) int {
	switch {
	case p.Size > 0:
		return p.Size
	case p.Rate > 0:
		return delivery.MaxBytes
	}
	return delivery.MaxBytes >> g.cuts.IntN(10)
}
