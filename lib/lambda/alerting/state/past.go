package state

import (
	"cmp"
	"slices"
)

// maxPast is the number of alerts whose times are remembered one by one.
const maxPast = 8

// Past are the times of an alert that is over. Its lines are not counted again: neither copies of them whose IDs are forgotten, nor late ones.
type Past struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// past reports whether a line belongs to an alert that is over. A line before the alerts that are remembered is taken for one that does.
func (s *State) past(at int64) bool {
	if len(s.Past) == maxPast && at < s.Past[0].First {
		return true
	}
	return slices.ContainsFunc(s.Past, func(p Past) bool { return at >= p.First && at <= p.Last })
}

// close ends the alert. It has no lines any more that count for another one.
func (s *State) close(g gauge) {
	e := s.Episode
	p := Past{First: e.Since - g.window, Last: e.Last}
	for subject, track := range s.Tracks {
		track.drop(p.First, p.Last)
		s.setTrack(subject, track)
	}
	s.Past = append(s.Past, p)
	slices.SortStableFunc(s.Past, func(a, b Past) int { return cmp.Compare(a.Last, b.Last) })
	s.Past = s.Past[max(len(s.Past)-maxPast, 0):]
	s.Ended = &Ended{Since: e.Since, Until: e.Last, Lines: e.Lines}
	s.Episode = nil
}
