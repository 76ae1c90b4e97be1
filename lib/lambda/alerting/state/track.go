package state

// lateAfter is the age, in seconds, from which a line is late when it is counted.
const lateAfter = 15 * 60

// Track has the times of matching lines. A rule has one, or one for each dyno or data store if it is about samples.
type Track struct {
	Lines Seconds `json:"lines,omitempty"`

	// Late are lines that were late. They are kept by when they arrived, because those of an outage arrive in any order.
	Late    Seconds `json:"late,omitempty"`
	Arrived int64   `json:"arrived,omitempty"` // when the last of Late arrived
}

// add adds lines that arrive now.
func (t *Track) add(at int64, lines int, now int64) {
	if at < now-lateAfter {
		t.Late.add(at, lines)
		t.Arrived = now
		return
	}
	t.Lines.add(at, lines)
}

// all returns all lines.
func (t *Track) all() Seconds { return t.Lines.merged(t.Late) }

// prune drops lines that were counted too long ago to be counted with others.
func (t *Track) prune(keep, now int64) {
	t.Lines = t.Lines.from(now - keep)
	if t.Arrived < now-keep {
		t.Late, t.Arrived = nil, 0
	}
}

// drop drops the lines from first to last, inclusive.
func (t *Track) drop(first, last int64) {
	t.Lines, t.Late = t.Lines.without(first, last), t.Late.without(first, last)
	if len(t.Late) == 0 {
		t.Late, t.Arrived = nil, 0
	}
}

func (t *Track) empty() bool { return len(t.Lines) == 0 && len(t.Late) == 0 }

// last returns the time of the last line of a track that is not empty.
func (t *Track) last() int64 {
	all := t.all()
	return all[len(all)-1].At
}
