package alerting

import (
	"context"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
	"heroku-drains/lib/lambda/alerting/state"
	"heroku-drains/lib/lambda/alerting/storm"
	"heroku-drains/lib/lambda/patient"
)

// retryPause is how long nobody tries again to tell what the topic did not accept, unless a Tick comes: each report of the rule would try.
const retryPause = 30 * time.Second

// tell publishes what was claimed, or leaves it to a digest.
func (t *task) tell(ctx context.Context, claimed *state.Pending) error {
	facts := factsOf(t.state, claimed, t.key.app, t.rule, t.Now())
	if claimed.Event == alert.Firing {
		release, err := t.releaseBefore(ctx, t.key.app, facts.Since)
		if err != nil {
			return err
		}
		facts.Release = release
	}
	alone, err := t.admit(ctx, facts)
	if err != nil || !alone {
		return err
	}
	return t.publish(ctx, t.Writer.Alert(facts))
}

// factsOf returns what a notification of an alert says.
func factsOf(s *state.State, claimed *state.Pending, app string, rule alert.Rule, now time.Time) message.Facts {
	e := s.Episode
	f := message.Facts{
		Event: claimed.Event, ID: claimed.ID, Time: now, App: app, Rule: e.Named(rule), Over: claimed.Over,
		Since: time.Unix(e.Since, 0), Last: time.Unix(e.Last, 0), Lines: e.Lines, Late: !e.Fresh,
		PerMinute: e.PerMinute(), Samples: e.Evidence.Samples, Affected: e.Affected(),
	}
	if rule.Kind == alert.Silence && claimed.Event == alert.Resolved {
		f.Last = time.Unix(s.Newest, 0)
	}
	return f
}

// publish publishes a notification.
func (h *Handler) publish(ctx context.Context, n alert.Notification) error {
	written, err := message.Write(n)
	if err != nil {
		return err
	}
	id, err := h.Topic.Publish(ctx, written)
	if err != nil {
		return err
	}
	h.Log.InfoContext(ctx, "notification published", "event", n.Event, "app", n.App, "rule", n.Rule, "id", n.ID, "message_id", id)
	return nil
}

// admit reports whether a notification may be told by itself. Otherwise a digest tells it.
func (h *Handler) admit(ctx context.Context, f message.Facts) (alone bool, err error) {
	held := storm.Held{
		App: f.App, Rule: f.Rule.Name, Event: f.Event, ID: f.ID, At: f.Time.Unix(), Since: f.Since.Unix(), Last: f.Last.Unix(), Lines: f.Lines,
		Late: f.Late, Over: f.Over, Title: f.Rule.Title, Level: f.Rule.Level,
	}
	err = h.changeStorm(ctx, stormOf(f.Rule.Level), func(s *storm.State, now time.Time) { alone = s.Admit(held, now) })
	return alone, err
}

// confirm records that a notification was told, and claims the next one, if any. It tries until the invocation's time is over: as long as the table
// does not know, the notification may be told again.
func (t *task) confirm(ctx context.Context, id string) (next *state.Pending, err error) {
	err = patient.Do(ctx, never, func(ctx context.Context) error {
		next, err = t.step(ctx, func(s *state.State, now time.Time) bool {
			s.Confirm(t.rule, id, now)
			return true
		})
		return err
	})
	return next, err
}

// never says that no error is final.
func never(error) bool { return false }

// release gives up a claim.
func (t *task) release(ctx context.Context, claimed *state.Pending) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), spare/2)
	defer cancel()
	err := t.change(ctx, t.key, func(old []byte) (change, error) {
		s, err := decode(old)
		if err != nil {
			return change{}, err
		}
		now, due := t.Now(), s.Due
		if !s.Release(claimed.ID, t.owner, now, retryPause) {
			return change{}, nil
		}
		return encode(s, now, due)
	})
	if err != nil {
		t.Log.WarnContext(ctx, "claim not released: it is valid until its lease ends", "app", t.key.app, "rule", t.rule.Name, "error", err)
	}
}
