package state

import (
	"cmp"
	"maps"
	"slices"

	"heroku-drains/lib/alert"
)

// Episode is an alert.
type Episode struct {
	First     int64    `json:"first"`                // Since when it was noticed: names the alert
	Since     int64    `json:"since"`                // the first line
	Last      int64    `json:"last"`                 // the newest line
	Lines     int      `json:"lines,omitempty"`      //
	Minutes   Seconds  `json:"minutes,omitempty"`    // lines by minute, the newest 60 of them
	Noticed   int64    `json:"noticed"`              // when it was noticed
	Arrived   int64    `json:"arrived"`              // when the last line that was not counted before arrived
	Fresh     bool     `json:"fresh,omitempty"`      // some of its lines were not late
	Held      bool     `json:"held,omitempty"`       // it was not told because of a mute
	HeldUntil int64    `json:"held_until,omitempty"` // when the mute ended, or will
	Told      int64    `json:"told,omitempty"`       // when people were told that it began; 0: they were not
	Evidence  Evidence `json:"evidence,omitzero"`

	// Title and Level are those of the rule when the alert was told: people hear of the end by the same name, even if the rule is another by then,
	// or gone.
	Title string      `json:"title,omitempty"`
	Level alert.Level `json:"level,omitempty"`
}

// Named returns a rule with the title and the level of the alert.
func (e *Episode) Named(rule alert.Rule) alert.Rule {
	rule.Title, rule.Level = cmp.Or(e.Title, rule.Title), cmp.Or(e.Level, rule.Level)
	return rule
}

// maxMinutes is the number of minutes whose lines an Episode knows.
const maxMinutes = 60

// Affected returns the request paths or dynos that the alert affects, the most affected first.
func (e *Episode) Affected() []alert.Affected { return e.Evidence.ranked() }

// PerMinute returns the lines by minute, of the newest hour of the alert.
func (e *Episode) PerMinute() []alert.Count {
	var counts []alert.Count
	for _, m := range e.Minutes {
		counts = append(counts, alert.Count{At: m.At, Lines: m.Lines})
	}
	return counts
}

// count adds lines to the alert.
func (e *Episode) count(at int64, lines int) {
	e.Since, e.Last, e.Lines = min(e.Since, at), max(e.Last, at), e.Lines+lines
	e.Minutes.add(floor(at, minute), lines)
	e.Minutes = e.Minutes[max(len(e.Minutes)-maxMinutes, 0):]
}

// has reports whether a line is between the first and the last of the alert.
func (e *Episode) has(at int64) bool { return e != nil && at >= e.Since && at <= e.Last }

// notice begins an alert if the lines are too many.
func (s *State) notice(g gauge, now int64) {
	var found bool
	var begin, reached int64
	for _, subject := range slices.Sorted(maps.Keys(s.Tracks)) {
		if first, last, ok := g.begin(s.Tracks[subject].all()); ok && (!found || first < begin) {
			begin, reached, found = first, last, true
		}
	}
	if !found {
		return
	}
	s.Episode = &Episode{First: begin, Since: begin, Last: reached, Noticed: now, Arrived: now}
	for _, second := range s.all().between(begin, reached) {
		s.Episode.count(second.At, second.Lines)
	}
	s.absorb(g)
	s.Episode.Evidence = s.Evidence.since(s.Episode.Since).totals()
	s.Episode.Evidence.oldest()
	s.Evidence = Evidence{}
}

// absorb adds lines to the alert that are within a window before it, or after its last line but before it would be over.
func (s *State) absorb(g gauge) {
	e, all := s.Episode, s.all()
	for older := all.between(e.Since-g.window, e.Since-1); len(older) > 0; older = all.between(e.Since-g.window, e.Since-1) {
		e.count(older[len(older)-1].At, older[len(older)-1].Lines)
	}
	for newer := all.from(e.Last + 1); len(newer) > 0 && !s.ending() && newer[0].At < g.end(all.between(e.Since, e.Last), e.Last); newer = newer[1:] {
		e.count(newer[0].At, newer[0].Lines)
	}
	for _, track := range s.Tracks {
		e.Fresh = e.Fresh || len(track.Lines.between(e.Since, e.Last)) > 0
	}
}

// ending reports whether it is being told that the alert is over: lines after its last one belong to another.
func (s *State) ending() bool {
	return s.Pending != nil && (s.Pending.Event == alert.Resolved || s.Pending.Over)
}

// compact forgets the lines of the alert that its end does not depend on.
func (s *State) compact(g gauge) {
	e := s.Episode
	keep := e.Last + 1
	if at, ok := s.all().between(e.Since, e.Last).newest(g.threshold); ok && !g.inARow {
		keep = at
	} else if !ok && !g.inARow {
		return
	}
	for subject, track := range s.Tracks {
		track.drop(e.Since, keep-1)
		s.setTrack(subject, track)
	}
}

// all returns the lines of all tracks.
func (s *State) all() Seconds {
	if len(s.Tracks) < 2 {
		for _, track := range s.Tracks {
			return track.all()
		}
		return nil
	}
	var all Seconds
	for _, track := range s.Tracks {
		all = append(append(all, track.Lines...), track.Late...)
	}
	slices.SortStableFunc(all, func(a, b Second) int { return bySecond(a, b.At) })
	sum := all[:0]
	for _, second := range all {
		if last := len(sum) - 1; last >= 0 && sum[last].At == second.At {
			sum[last].Lines += second.Lines
			continue
		}
		sum = append(sum, second)
	}
	return sum
}
