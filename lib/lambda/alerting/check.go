package alerting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/lambda/alerting/state"
	"heroku-drains/lib/lambda/alerting/storm"
)

// overdue is how late a Tick may be before it is taken for lost.
const overdue = time.Minute

// check sends Ticks again that are lost. None should be, unless somebody purged the queue, or SQS deleted them after 14 days. It sets a new time, so
// that a Tick which is only late finds that it was replaced.
func (h *Handler) check(ctx context.Context) error {
	items, err := h.Table.All(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, item := range items {
		key := itemKey{item.App, item.Key}
		switch {
		case key.app == stormApp:
			err = h.changeStorm(ctx, key, func(s *storm.State, now time.Time) { s.Due = renewed(s.Due, now) })
		case isReserved(key.key):
			continue
		default:
			err = h.renew(ctx, key, item.State)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("look at %s of %s: %w", key.key, key.app, err))
		}
	}
	return errors.Join(failed...)
}

// renew sends the Tick of an item again if it is lost. It reads the item again only if so.
func (h *Handler) renew(ctx context.Context, key itemKey, scanned []byte) error {
	s, err := decode(scanned)
	if err != nil {
		return err
	}
	if renewed(s.Due, h.Now()) == s.Due {
		return nil
	}
	return h.change(ctx, key, func(old []byte) (change, error) {
		var s *state.State
		if s, err = decode(old); err != nil {
			return change{}, err
		}
		now, due := h.Now(), s.Due
		s.Due = renewed(s.Due, now)
		return encode(s, now, due)
	})
}

// renewed returns now instead of a time that is overdue.
func renewed(due int64, now time.Time) int64 {
	if due == 0 || now.Sub(time.Unix(due, 0)) <= overdue {
		return due
	}
	return now.Unix()
}

// isReserved reports whether an item is not about a rule.
func isReserved(key string) bool { return strings.HasPrefix(key, reserved) }
