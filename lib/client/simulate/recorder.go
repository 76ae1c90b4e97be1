package simulate

import (
	"context"
	"time"

	"heroku-drains/lib/client/delivery"
)

// Poster delivers batches one after the other, or drops them: a *delivery.Sender or a Recorder.
type Poster interface {
	Send(ctx context.Context, b delivery.Batch) (delivery.Result, error)
}

// Recorder delivers batches with a Sender, and records their lines in a Ledger. It takes the Sender's After.
type Recorder struct {
	Sender *delivery.Sender
	Ledger *Ledger
	Drain  Subscription
}

// Send delivers a batch or drops it, as delivery.Sender.Send does.
func (r Recorder) Send(ctx context.Context, b delivery.Batch) (delivery.Result, error) {
	var lines []*Entry
	now := time.Now()
	for _, m := range b.Messages {
		lines = append(lines, r.Ledger.make(r.Drain.Token, 0, m, now))
	}
	r.Ledger.send(lines, b.FrameID)
	r.Sender.After = func(t delivery.Try) { r.Ledger.tried(r.Drain, 0, b.FrameID, lines, t) }
	result, err := r.Sender.Send(ctx, b)
	outcome, why := outcomeOf(result, err)
	r.Ledger.end(lines, outcome, why)
	return result, err
}

// outcomeOf returns what became of a batch's lines.
func outcomeOf(r delivery.Result, err error) (Outcome, Reason) {
	switch {
	case err != nil:
		return Sent, Unknown
	case !r.Lost:
		return Acknowledged, ""
	case r.Refused:
		return Dropped, NotRepeated
	}
	return Dropped, Retries
}
