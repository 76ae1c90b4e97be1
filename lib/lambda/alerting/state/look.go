package state

import (
	"time"

	"heroku-drains/lib/alert"
)

const (
	// settle is how long, in seconds, no line must have arrived before an alert is told that has only late lines, or is over already: more of them
	// come, in any order, and one message says all.
	settle = 60
	// maxSettle limits that, in seconds since the alert was noticed.
	maxSettle = 600

	// quiet is how long, in seconds, no other alert begins after one about late lines that was over: an outage makes many lines late, and a
	// message an hour says so.
	quiet = 3600
)

// look says what is to be told now, if anything, and sets when somebody must look again.
func (s *State) look(rule alert.Rule, now int64) (event alert.Event, over bool) {
	g := gaugeOf(rule)
	s.prune(g, now)
	if s.Pending != nil {
		if now < s.Pending.Until {
			return "", false // somebody else is telling it
		}
		return s.Pending.Event, s.Pending.Over
	}
	if s.Episode == nil && rule.Kind == alert.Silence {
		s.noticeSilence(rule, now)
	} else if s.Episode == nil {
		s.notice(g, now)
	}
	e := s.Episode
	if e == nil {
		s.schedule(s.silent(rule), now)
		return "", false
	}
	end := s.end(rule, g)
	ended := end != 0 && now >= end
	if e.Told == 0 && e.Held && ended && end <= e.HeldUntil {
		s.close(g) // nobody hears of an alert that was over when its mute ended
		return s.look(rule, now)
	}
	switch {
	case e.Told == 0 && e.Fresh && !ended:
		return alert.Firing, false
	case e.Told == 0:
		if until := min(e.Arrived+settle, e.Noticed+maxSettle); now < until {
			s.schedule(until, now)
			return "", false
		}
		return alert.Firing, ended
	case ended:
		return alert.Resolved, false
	}
	s.schedule(end, now)
	return "", false
}

// end returns when the alert is over, unless more lines come. It is 0 if only a line can end it.
func (s *State) end(rule alert.Rule, g gauge) int64 {
	e := s.Episode
	if rule.Kind != alert.Silence {
		return g.end(s.all().between(e.Since, e.Last), e.Last)
	}
	if s.Newest > e.Since {
		return s.Newest
	}
	return 0
}

// schedule sets when somebody must look again: at the latest then, or never if at is 0. If somebody will look before, he finds out himself.
func (s *State) schedule(at, now int64) {
	if at == 0 || s.Due <= now || s.Due > at {
		s.Due = at
	}
	if s.Due != 0 {
		s.Due = max(s.Due, now+1)
	}
}

// silent returns when an app without lines is silent for too long, or 0. The storage function does not report every line: what it reports is
// out of date by up to a tenth of the time, or a minute.
func (s *State) silent(rule alert.Rule) int64 {
	if rule.Kind != alert.Silence || s.Newest == 0 {
		return 0
	}
	after := seconds(rule.After)
	return s.Newest + after + max(after/10, minute)
}

// noticeSilence begins an alert if the app had no line for too long.
func (s *State) noticeSilence(rule alert.Rule, now int64) {
	if at := s.silent(rule); at != 0 && now >= at {
		s.Episode = &Episode{First: s.Newest, Since: s.Newest, Last: s.Newest, Noticed: now, Arrived: now, Fresh: true}
	}
}

// Firing reports whether there is an alert that is not over at that time.
func (s *State) Firing(rule alert.Rule, now time.Time) bool {
	if s.Episode == nil {
		return false
	}
	end := s.end(rule, gaugeOf(rule))
	return end == 0 || now.Unix() < end
}
