package state

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"heroku-drains/lib/alert"
)

// maxTitle is the length of a title in bytes: no rule has a longer one.
const maxTitle = 500

// Teller is who asks what is to be told, to tell it.
type Teller struct {
	App   string
	Rule  alert.Rule
	Owner string        // unique
	Lease time.Duration // nobody else tells it for so long
	Now   time.Time
	Muted time.Time // until when all rules of the app are muted
}

// Asks reports whether something is to be told, unless it is muted. Otherwise it sets when somebody must look again.
func (s *State) Asks(rule alert.Rule, now time.Time) bool {
	event, _ := s.look(rule, now.Unix())
	return event != ""
}

// Claim returns what is to be told, and records that the Teller tells it, or returns nil. What somebody else claimed is claimed again once their
// lease is over, with the same ID: they may have told it.
func (s *State) Claim(t Teller) *Pending {
	now := t.Now.Unix()
	event, over := s.look(t.Rule, now)
	if event == "" {
		return nil
	}
	if muted := max(s.MutedUntil, t.Muted.Unix()); now < muted {
		s.Pending = nil
		for event != "" && (!s.Episode.Held || s.Episode.HeldUntil != muted) {
			s.Episode.Held, s.Episode.HeldUntil = true, muted
			event, _ = s.look(t.Rule, now)
		}
		if event != "" {
			s.schedule(muted, now)
		}
		return nil
	}
	lease := now + int64(t.Lease/time.Second)
	if s.Pending == nil {
		// A claim that is left behind is found at this time. The Tick is delivered again and again until somebody has told it.
		s.Due = lease
		s.Pending = &Pending{ID: t.id(s.Episode, event), Event: event, Over: over}
		if event == alert.Firing {
			s.Episode.Title, s.Episode.Level = cut(t.Rule.Title, maxTitle), t.Rule.Level
		}
	}
	s.Pending.Owner, s.Pending.Until = t.Owner, lease
	claimed := *s.Pending
	return &claimed
}

// id names a notification: it is the same whenever that is told. The part before the hyphen names the alert.
func (t Teller) id(e *Episode, event alert.Event) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", t.App, t.Rule.Name, e.First))
	return hex.EncodeToString(sum[:10]) + "-" + string(event)
}

// Confirm records that a notification was told. It returns false if that is known already.
func (s *State) Confirm(rule alert.Rule, id string, now time.Time) bool {
	if s.Pending == nil || s.Pending.ID != id {
		return false
	}
	told := *s.Pending
	s.Pending, s.Told = nil, now.Unix()
	switch {
	case s.Episode == nil:
	case told.Event == alert.Resolved:
		s.close(gaugeOf(rule))
	case told.Over:
		if !s.Episode.Fresh {
			s.LateQuiet = now.Unix() + quiet
		}
		s.close(gaugeOf(rule))
	default:
		s.Episode.Told = now.Unix()
		s.Episode.Evidence.Samples = nil
	}
	return true
}

// Release gives up a claim of owner, because the notification was not told. Somebody else can claim it after a pause.
func (s *State) Release(id, owner string, now time.Time, pause time.Duration) bool {
	if s.Pending == nil || s.Pending.ID != id || s.Pending.Owner != owner {
		return false
	}
	s.Pending.Owner, s.Pending.Until = "", now.Add(pause).Unix()
	return true
}

// MuteUntil mutes the rule, or ends its mute if until is the zero time. It returns true if somebody must look again, at Due, because of that.
func (s *State) MuteUntil(until, now time.Time) bool {
	s.MutedUntil = 0
	if until.After(now) {
		s.MutedUntil = until.Unix()
	}
	return s.Wake(max(s.MutedUntil, now.Unix()))
}

// Retire forgets what there is of a rule that does not exist any more. What remains is an alert that people were told of, or that somebody has claimed
// and may have told: they hear of its end.
func (s *State) Retire() {
	s.Tracks, s.Seen, s.Evidence, s.Newest = nil, nil, Evidence{}, 0
	if s.Episode != nil && s.Episode.Told == 0 && s.Pending == nil {
		s.Episode, s.Due = nil, 0
	}
}

// Wake makes somebody look again at a time, at which a mute ends, and returns true, if there is something to tell then.
func (s *State) Wake(at int64) bool {
	if s.Episode == nil {
		return false
	}
	s.Due, s.Episode.HeldUntil = at, at
	return true
}
