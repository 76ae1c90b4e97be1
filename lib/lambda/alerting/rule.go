package alerting

import (
	"context"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

// maxTold is how many notifications of a rule an invocation tells: that an alert is over, and that the next one began.
const maxTold = 3

// task is the work of an invocation on the item of a rule.
type task struct {
	*Handler
	key   itemKey
	rule  alert.Rule
	known bool // the rule is in force
	owner string
	muted *time.Time   // until when all rules of the app are muted, once that is known
	state *state.State // as it was last read or written
}

// doRule counts what a job has, looks whether anything is to be told, and tells it.
func (h *Handler) doRule(ctx context.Context, j *job, r *result) {
	t := &task{Handler: h, key: j.itemKey, owner: owner()}
	if t.rule, t.known = h.Rules.Rule(j.app, j.key); !t.known {
		t.rule = alert.Rule{Name: j.key}
	}
	claimed, err := t.step(ctx, func(s *state.State, now time.Time) bool {
		if len(j.reports) == 0 && j.stale(s.Due) {
			return false
		}
		if !j.lastLine.IsZero() {
			s.Line(j.lastLine, now)
		}
		s.Count(t.rule, j.hits, now)
		return true
	})
	for told := 0; err == nil && claimed != nil && told < maxTold; told++ {
		if failure := t.tell(ctx, claimed); failure != nil {
			h.Log.ErrorContext(ctx, "notification not published: it is tried again", "app", t.key.app, "rule", t.rule.Name, "event", claimed.Event, "error", failure)
			t.release(ctx, claimed)
			r.untold++
			r.failed = j.carriers(t.state.Due)
			return
		}
		claimed, err = t.confirm(ctx, claimed.ID)
	}
	r.err = err
	if err == nil && t.state.Pending != nil {
		r.waiting = j.carriers(t.state.Due)
	}
}

// stale reports whether the job has only Ticks that were replaced by another for the time due.
func (j *job) stale(due int64) bool {
	for _, t := range j.ticks {
		if t.due >= due {
			return false
		}
	}
	return true
}

// carriers returns the messages with the Ticks for a time or a later one. As long as something that was claimed is not told, they remain in the queue.
func (j *job) carriers(due int64) []int {
	var messages []int
	for _, t := range j.ticks {
		if t.due >= due {
			messages = append(messages, t.message)
		}
	}
	return messages
}

// step changes the state of the rule, and claims what is to be told then, if anything. If apply returns false, the state stays as it is.
func (t *task) step(ctx context.Context, apply func(s *state.State, now time.Time) bool) (claimed *state.Pending, err error) {
	err = t.change(ctx, t.key, func(old []byte) (change, error) {
		s, err := decode(old)
		if err != nil {
			return change{}, err
		}
		t.state, claimed = s, nil
		now, due := t.Now(), s.Due
		if !apply(s, now) {
			return change{}, nil
		}
		if claimed, err = t.claim(ctx, s, now); err != nil {
			return change{}, err
		}
		return encode(s, now, due)
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

// claim claims what is to be told.
func (t *task) claim(ctx context.Context, s *state.State, now time.Time) (*state.Pending, error) {
	if !t.known {
		s.Retire()
	}
	if !s.Asks(t.rule, now) {
		return nil, nil
	}
	if t.muted == nil {
		until, err := t.mutedUntil(ctx, t.key.app)
		if err != nil {
			return nil, err
		}
		t.muted = &until
	}
	return s.Claim(state.Teller{App: t.key.app, Rule: t.rule, Owner: t.owner, Lease: lease, Now: now, Muted: *t.muted}), nil
}

// decode returns the state of a rule, which is empty if there is none.
func decode(text []byte) (*state.State, error) {
	if text == nil {
		return &state.State{}, nil
	}
	return state.Decode(text)
}

// encode returns the change of a rule's item to a state. A Tick is needed if the time at which somebody must look again is another than before.
func encode(s *state.State, now time.Time, due int64) (change, error) {
	text, err := s.Encode()
	if err != nil {
		return change{}, err
	}
	next := change{state: text, keep: s.Keep(now)}
	if s.Due != due {
		next.due = s.Due
	}
	return next, nil
}
