package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/clock"
)

const (
	// checkEvery is how often lines are checked and forgotten, before as many are made.
	checkEvery = 100 * time.Millisecond
	// samples is how many points the plot has at most.
	samples = 300
	// settleLimit is how long the last lines may take to be stored: two visibility timeouts.
	settleLimit = 12 * time.Minute
)

// sample is what was measured in a period.
type sample struct {
	after   time.Duration // since the start of the measurement, at the end of the period
	length  time.Duration
	lines   int // acknowledged
	posts   int
	backlog int // lines acknowledged and not stored, at the end
	answers answers
	memory  memory // at the end
}

// answers are how long answers took. A simulate.Answers in each sample would take more memory than what is measured.
type answers struct{ p50, p99, p999, most time.Duration }

func quantiles(a simulate.Answers) answers {
	return answers{p50: a.Quantile(0.5), p99: a.Quantile(0.99), p999: a.Quantile(0.999), most: a.Max}
}

// perSecond returns the acknowledged lines per second.
func (s sample) perSecond() float64 { return float64(s.lines) / s.length.Seconds() }

// state is what a period is measured from.
type state struct {
	at      time.Time
	lines   int
	tries   int
	answers simulate.Answers
}

func (s *system) state() state {
	return state{at: time.Now(), lines: s.sums().acknowledged, tries: s.ledger.Tally().Tries, answers: s.ledger.Answers()}
}

// since measures the period since an earlier state.
func (s *system) since(began time.Time, from state) (sample, state) {
	now := s.state()
	return sample{
		after: now.at.Sub(began), length: now.at.Sub(from.at), lines: now.lines - from.lines, posts: now.tries - from.tries,
		backlog: s.lost(), answers: quantiles(now.answers.Since(from.answers)), memory: measure(s.binaries),
	}, now
}

// soak sends lines for the warm-up and the duration, waits until everything is stored, and returns what it has measured.
func (s *system) soak(ctx context.Context, out io.Writer) (*result, error) {
	defer s.window.end()
	defer context.AfterFunc(ctx, s.window.end)()
	for _, a := range s.apps {
		s.sending.Go(func() { a.logplex.Run(ctx) })
	}
	if err := s.send(ctx, s.opts.warmUp, func() {}); err != nil {
		return nil, err
	}
	r := &result{opts: s.opts}
	stopProfile, err := profileCPU(s.opts.profiles)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(out, tableHeader)
	worked := readProcessors()
	from := s.state()
	point, row := from, from
	err = s.send(ctx, s.opts.duration, func() {
		if time.Since(point.at) >= s.opts.duration/samples {
			var measured sample
			measured, point = s.since(from.at, point)
			r.points = append(r.points, measured)
		}
		if time.Since(row.at) >= s.opts.every-checkEvery/2 {
			var measured sample
			measured, row = s.since(from.at, row)
			r.rows = append(r.rows, measured)
			fmt.Fprintln(out, measured)
		}
	})
	if err != nil {
		return nil, err
	}
	r.whole, _ = s.since(from.at, from)
	r.busy = readProcessors().since(worked)
	if err := errors.Join(stopProfile(), profileHeap(s.opts.profiles)); err != nil {
		return nil, err
	}
	if err := s.settle(ctx); err != nil {
		return nil, err
	}
	if r.deadLetters, err = s.deadLetters(ctx); err != nil {
		return nil, err
	}
	r.calls = s.calls.String()
	r.tally, r.counts, r.lost = s.ledger.Tally(), s.sums(), s.lost()
	for _, a := range s.apps {
		r.counts.foreign += a.checker.foreign()
	}
	fmt.Fprintln(out, r)
	return r, nil
}

// send lets the senders send for a time. About every checkEvery it checks what is stored, and calls each.
func (s *system) send(ctx context.Context, d time.Duration, each func()) error {
	end := time.Now().Add(d)
	for wait := min(d, checkEvery); wait > 0; wait = min(time.Until(end), checkEvery) {
		if err := clock.Sleep(ctx, wait); err != nil {
			return err
		}
		if err := s.check(); err != nil {
			return err
		}
		each()
	}
	return nil
}

// settle ends the sending, and waits until every line that was acknowledged is stored. What is not stored by then is lost.
func (s *system) settle(ctx context.Context) error {
	for _, a := range s.apps {
		a.logplex.Finish()
	}
	s.window.end()
	s.sending.Wait()
	for end := time.Now().Add(settleLimit); ; {
		if err := s.check(); err != nil {
			return err
		}
		if s.lost() == 0 || time.Now().After(end) {
			return nil
		}
		if err := clock.Sleep(ctx, checkEvery/4); err != nil {
			return err
		}
	}
}
