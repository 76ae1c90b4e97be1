package matrix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"heroku-drains/lib/stack"
	"heroku-drains/test/faults/lines"
)

// lead is how many lines of each app are acknowledged before things go wrong, and after that.
const lead = 100

// Options say what rows run on.
type Options struct {
	Binaries map[string]string // of the functions
	Output   io.Writer         // of the functions; nil: discarded
}

// Run runs a row. Its error says that the row could not be run; what came of it is in the Result.
func Run(ctx context.Context, row Row, o Options) (r Result, err error) {
	began := time.Now()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := start(ctx, row.Setup.withDefaults(), o)
	if err != nil {
		return r, err
	}
	defer func() {
		cancel()
		w.sending.Wait()
		err = errors.Join(err, w.Close())
	}()
	if row.Before != nil {
		if err := row.Before(w); err != nil {
			return r, err
		}
	}
	w.send()
	if err := w.Acknowledged(lead); err != nil {
		return r, err
	}
	if err := row.Play(w); err != nil {
		return r, fmt.Errorf("while things go wrong: %w", err)
	}
	over, overOnMachine := w.AWS.Now(), time.Now()
	if err := w.Acknowledged(lead); err != nil {
		return r, fmt.Errorf("after the fault: %w", err)
	}
	w.finish()
	if err := w.settle(); err != nil {
		return r, err
	}
	r.Row = row
	r.Letters = w.AWS.Backlog(stack.LocalDeadLetterQueue).Visible
	if row.Redrive {
		if err := w.redrive(); err != nil {
			return r, err
		}
	}
	if err := w.collect(&r, over, overOnMachine); err != nil {
		return r, err
	}
	r.Took = time.Since(began)
	r.judge()
	for _, f := range w.unmet {
		r.problem("no call met the fault: %s", f)
	}
	return r, nil
}

// collect compares the ledgers with what is stored. The end of the fault is given on the clock of the embedded AWS and on the machine's.
func (w *World) collect(r *Result, over, overOnMachine time.Time) error {
	dead, err := w.deadLetters()
	if err != nil {
		return err
	}
	for _, app := range w.Apps {
		stored, err := w.stored(app)
		if err != nil {
			return err
		}
		copies, err := w.sent.copies(app.Name)
		if err != nil {
			return err
		}
		b := lines.Check(w.setup.Format, requests(app.Ledger, copies), append(app.archive, stored...), dead[app.Name], overOnMachine)
		r.Made += b.Made
		r.Acknowledged += b.Acknowledged
		r.Stored += b.Stored
		r.Dead += b.Dead
		r.Lost += b.Lost
		r.Duplicated += b.Duplicated
		r.Copies += b.Copies
		r.LateCopies += b.LateCopies
		r.Wrong += b.Wrong
		r.Plain += b.Plain
		r.Examples = append(r.Examples, b.Examples...)
		if b.Recovered.Sub(over) > r.Recovery {
			r.Recovery = b.Recovered.Sub(over)
		}
		t := app.Ledger.Tally()
		r.Dropped += t.Dropped
		answers := app.Ledger.Answers()
		r.P999 = max(r.P999, answers.Quantile(share))
		r.Slowest = max(r.Slowest, answers.Max)
	}
	return nil
}

// share is that of the answers that must come in time.
const share = 0.999
