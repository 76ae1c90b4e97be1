package state

import (
	"maps"
	"slices"
	"time"

	"heroku-drains/lib/alert"
)

const (
	// ahead is how far, in seconds, the clock of a dyno may be ahead of ours. A line from later is taken for one of now.
	ahead = 60

	// maxTracks is the number of dynos and data stores whose samples are known before one of them has too many.
	maxTracks = 300
)

// Count counts what matched a rule. Hits that were counted before are not counted again.
func (s *State) Count(rule alert.Rule, hits []alert.Hit, now time.Time) {
	g := gaugeOf(rule)
	for _, hit := range hits {
		if s.Seen.Has(hit.ID) {
			continue
		}
		s.Seen.Add(hit.ID, now.Unix())
		s.count(g, hit, now.Unix())
	}
	s.prune(g, now.Unix())
}

// count counts a hit.
func (s *State) count(g gauge, hit alert.Hit, now int64) {
	subject := ""
	if g.inARow {
		subject = cut(hit.Subject, maxName)
	}
	track := s.Tracks[subject]
	if track == nil {
		track = &Track{}
	}
	counted, newest := 0, int64(0)
	for _, c := range hit.Counts {
		at := max(c.At, 0)
		if at > now+ahead {
			at = now
		}
		at = floor(at, g.step)
		late := at < now-lateAfter
		if c.Lines <= 0 || s.past(at) || late && s.Episode == nil && now < s.LateQuiet {
			continue
		}
		if track.add(at, c.Lines, now); s.Episode.has(at) {
			s.Episode.count(at, c.Lines)
			s.Episode.Fresh = s.Episode.Fresh || !late
		}
		counted, newest = counted+c.Lines, max(newest, at)
	}
	if counted == 0 {
		return
	}
	s.setTrack(subject, track)
	if s.Episode != nil {
		s.Episode.Arrived = now
		s.absorb(g)
	}
	s.keep(hit, newest)
}

// keep keeps what there is to show of a hit whose newest line is of that time.
func (s *State) keep(hit alert.Hit, newest int64) {
	if !s.Episode.has(newest) {
		s.Evidence.add(hit, newest)
		s.Evidence.newest()
		return
	}
	if s.Episode.Told > 0 {
		hit.Lines = nil // people have seen some
	}
	s.Episode.Evidence.add(hit, 0)
	s.Episode.Evidence.oldest()
}

// setTrack stores a track, or forgets it if it is empty. If there are too many, it forgets the one whose last line is the oldest.
func (s *State) setTrack(subject string, track *Track) {
	if s.Tracks == nil {
		s.Tracks = map[string]*Track{}
	}
	s.Tracks[subject] = track
	if track.empty() {
		delete(s.Tracks, subject)
	}
	if len(s.Tracks) > maxTracks {
		delete(s.Tracks, stalest(s.Tracks))
	}
}

// stalest returns the subject whose last line is the oldest.
func stalest(all map[string]*Track) string {
	return slices.MinFunc(slices.Sorted(maps.Keys(all)), func(a, b string) int { return bySecond(Second{At: all[a].last()}, all[b].last()) })
}

// prune forgets what is too old to matter.
func (s *State) prune(g gauge, now int64) {
	keep := g.keep()
	for subject, track := range s.Tracks {
		track.prune(keep, now)
		s.setTrack(subject, track)
	}
	if s.Episode != nil {
		s.compact(g)
	}
	oldest := now
	if all := s.all(); len(all) > 0 {
		oldest = min(oldest, all[0].At)
	}
	s.Evidence = s.Evidence.since(oldest)
	s.Seen.Forget(now - keep - ahead)
}

// Line says that the app had a line at a time. Rules about silence need it.
func (s *State) Line(at, now time.Time) {
	s.Newest = max(s.Newest, min(at.Unix(), now.Unix()))
}
