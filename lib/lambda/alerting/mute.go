package alerting

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/table"
)

// maxMute is the longest mute.
const maxMute = 30 * 24 * time.Hour

// mute is the item that says until when all rules of an app are muted.
type mute struct {
	Until int64 `json:"until"` // Unix time; 0: not muted
}

// mutedUntil returns until when all rules of an app are muted. It is past if they are not.
func (h *Handler) mutedUntil(ctx context.Context, app string) (time.Time, error) {
	item, err := h.Table.Get(ctx, app, muteKey)
	if err != nil {
		return time.Time{}, err
	}
	return muteOf(item)
}

func muteOf(item table.Item) (time.Time, error) {
	if item.State == nil {
		return time.Unix(0, 0), nil
	}
	var m mute
	if err := json.Unmarshal(item.State, &m); err != nil {
		return time.Time{}, fmt.Errorf("read the mute of %s: %w", item.App, err)
	}
	return time.Unix(m.Until, 0), nil
}

// muted is what a change of a mute found and left.
type muted struct {
	alert     alert.Alert // the rule's state after it
	wasBefore bool        // it was muted before
}

// muteRule mutes a rule for an app until a time, or ends its mute if that is the zero time.
func (h *Handler) muteRule(ctx context.Context, app, rule string, until time.Time) (muted, error) {
	var m muted
	err := h.change(ctx, itemKey{app, rule}, func(old []byte) (change, error) {
		s, err := decode(old)
		if err != nil {
			return change{}, err
		}
		now, due := h.Now(), s.Due
		m.wasBefore = time.Unix(s.MutedUntil, 0).After(now)
		s.MuteUntil(until, now)
		m.alert = h.alertOf(app, rule, s, now)
		return encode(s, now, due)
	})
	return m, err
}

// muteApp mutes all rules of an app until a time, or ends that mute if it is the zero time. Then it makes somebody look again at the alerts that
// are there.
func (h *Handler) muteApp(ctx context.Context, app string, until time.Time) (muted, error) {
	now, wasBefore := h.Now(), false
	m := mute{}
	if until.After(now) {
		m.Until = until.Unix()
	}
	err := h.change(ctx, itemKey{app, muteKey}, func(old []byte) (change, error) {
		before, err := muteOf(table.Item{App: app, State: old})
		wasBefore = err == nil && before.After(now) // whatever it was, it is replaced
		if old == nil && m.Until == 0 {
			return change{}, nil
		}
		text, err := json.Marshal(m)
		return change{state: text, keep: latest(until, now).Add(24 * time.Hour)}, err
	})
	if err != nil {
		return muted{}, err
	}
	if err := h.wake(ctx, app, max(m.Until, now.Unix())); err != nil {
		return muted{}, err
	}
	return muted{alert: muteAlert(app, time.Unix(m.Until, 0), now), wasBefore: wasBefore}, nil
}

// wake makes somebody look at the alerts of an app at a time.
func (h *Handler) wake(ctx context.Context, app string, at int64) error {
	items, err := h.Table.App(ctx, app, "")
	if err != nil {
		return err
	}
	for _, item := range items {
		if isReserved(item.Key) {
			continue
		}
		err := h.change(ctx, itemKey{app, item.Key}, func(old []byte) (change, error) {
			s, err := decode(old)
			if err != nil {
				return change{}, err
			}
			due := s.Due
			if !s.Wake(at) {
				return change{}, nil
			}
			return encode(s, h.Now(), due)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// muteAlert shows the mute of all rules of an app.
func muteAlert(app string, until, now time.Time) alert.Alert {
	a := alert.Alert{App: app, Rule: alert.AnyRule, State: alert.StateQuiet}
	if until.After(now) {
		a.MutedUntil = until.UTC()
	}
	return a
}
