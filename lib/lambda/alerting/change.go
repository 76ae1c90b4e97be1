package alerting

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/lambda/alerting/table"
)

// change is what becomes of an item.
type change struct {
	state []byte    // nil or unchanged: the item is not written
	keep  time.Time // until when the item matters
	due   int64     // send a Tick for this time; 0: none
}

const (
	// maxConflicts is how often an item is read again because somebody else has written it. Each time, one of them gets ahead.
	maxConflicts = 20
	maxPause     = 50 * time.Millisecond
)

// change reads an item, and writes what decide makes of its state, which is nil if there is none. If somebody else has written the item meanwhile,
// it starts again. The Tick is sent first: without it, nobody would look at the item in time. If the item is then not written, the Tick finds
// nothing to do.
func (h *Handler) change(ctx context.Context, key itemKey, decide func(old []byte) (change, error)) error {
	var sent int64
	for conflicts := 0; ; conflicts++ {
		item, err := h.Table.Get(ctx, key.app, key.key)
		if err != nil {
			return err
		}
		next, err := decide(item.State)
		if err != nil {
			return err
		}
		if next.state == nil || bytes.Equal(next.state, item.State) || item.State == nil && string(next.state) == "{}" {
			return nil
		}
		if next.due != 0 && next.due != sent {
			if err := h.sendTick(ctx, key, next.due); err != nil {
				return err
			}
			sent = next.due
		}
		item.State, item.Expires = next.state, next.keep
		_, err = h.Table.Put(ctx, item)
		if !errors.Is(err, table.ErrChanged) || conflicts == maxConflicts {
			return err
		}
		if err := clock.Sleep(ctx, rand.N(maxPause)); err != nil {
			return err
		}
	}
}

// sendTick sends a Tick for a time.
func (h *Handler) sendTick(ctx context.Context, key itemKey, due int64) error {
	at := time.Unix(due, 0).UTC()
	return h.Clock.Send(ctx, alert.Tick{App: key.app, Rule: key.key, Due: at}, at.Sub(h.Now()))
}
