package alerting

import (
	"cmp"
	"context"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/storm"
	"heroku-drains/lib/lambda/patient"
)

// stormOf returns the key of the storm of notifications of a level: each has its own, so that many warnings hold back nothing that is critical.
func stormOf(level alert.Level) itemKey {
	if level != alert.Critical {
		level = alert.Warning
	}
	return itemKey{stormApp, stormPrefix + string(level)}
}

// doStorm tells the digest of a level that is due.
func (h *Handler) doStorm(ctx context.Context, j *job, r *result) {
	owner := owner()
	var s *storm.State
	var claimed *storm.Pending
	err := h.changeStorm(ctx, j.itemKey, func(stored *storm.State, now time.Time) {
		s = stored
		claimed = s.Claim(owner, now, lease)
	})
	if err != nil {
		r.err = err
		return
	}
	if claimed == nil {
		if s.Pending != nil {
			r.waiting = j.carriers(s.Due)
		}
		return
	}
	if err := h.publish(ctx, h.digestOf(s, claimed)); err != nil {
		h.Log.ErrorContext(ctx, "digest not published: it is tried again", "error", err)
		r.untold++
		r.failed = j.carriers(s.Due)
		h.releaseDigest(ctx, j.itemKey, claimed.ID, owner)
		return
	}
	r.err = patient.Do(ctx, never, func(ctx context.Context) error {
		return h.changeStorm(ctx, j.itemKey, func(s *storm.State, now time.Time) { s.Confirm(claimed.ID, now) })
	})
}

// releaseDigest gives up a claim.
func (h *Handler) releaseDigest(ctx context.Context, key itemKey, id, owner string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), spare/2)
	defer cancel()
	if err := h.changeStorm(ctx, key, func(s *storm.State, now time.Time) { s.Release(id, owner, now, retryPause) }); err != nil {
		h.Log.WarnContext(ctx, "claim of a digest not released: it is valid until its lease ends", "error", err)
	}
}

// digestOf returns the digest that was claimed.
func (h *Handler) digestOf(s *storm.State, claimed *storm.Pending) alert.Notification {
	var alerts []alert.Notification
	for _, held := range s.Held[:claimed.Held] {
		rule, known := h.Rules.Rule(held.App, held.Rule)
		if !known {
			rule = alert.Rule{Name: held.Rule}
		}
		rule.Title, rule.Level = cmp.Or(held.Title, rule.Title), cmp.Or(held.Level, rule.Level)
		n := h.Writer.Alert(message.Facts{
			Event: held.Event, ID: held.ID, Time: time.Unix(held.At, 0), App: held.App, Rule: rule, Since: time.Unix(held.Since, 0),
			Last: time.Unix(held.Last, 0), Lines: held.Lines, Late: held.Late, Over: held.Over,
		})
		n.Description, n.Advice, n.LogsURL, n.Command = "", "", "", "" // as many as would fit into one message
		alerts = append(alerts, n)
	}
	return h.Writer.Digest(claimed.ID, time.Unix(claimed.From, 0), h.Now(), alerts, claimed.More)
}

// changeStorm changes an item of package storm.
func (h *Handler) changeStorm(ctx context.Context, key itemKey, decide func(*storm.State, time.Time)) error {
	select {
	case h.storm <- struct{}{}:
		defer func() { <-h.storm }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return h.change(ctx, key, func(old []byte) (change, error) {
		s := &storm.State{}
		if old != nil {
			var err error
			if s, err = storm.Decode(old); err != nil {
				return change{}, err
			}
		}
		now, due := h.Now(), s.Due
		decide(s, now)
		text, err := s.Encode()
		next := change{state: text, keep: now.Add(keepStorm)}
		if s.Due != due {
			next.due = s.Due
		}
		return next, err
	})
}

// keepStorm is how long the item is kept: as long as the queue keeps the Ticks for it.
const keepStorm = 14 * 24 * time.Hour
