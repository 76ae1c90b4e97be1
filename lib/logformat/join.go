package logformat

import (
	"bytes"
	"slices"

	"heroku-drains/lib/logplex"
)

// Lines returns the lines of a body, in its order, as a Joiner collects them. Blank pieces are not lines.
func Lines(body []byte) []Line {
	var j Joiner
	for f := range logplex.Frames(body) {
		if !f.Blank() {
			j.Add(Parse(f))
		}
	}
	return j.Lines()
}

// Joiner collects the lines of one body and reassembles long lines: log-shuttle splits the output of a dyno every logplex.ChunkSize bytes (see
// logplex.Line.IsChunk). The chunks share their time, source and process; lines of other dynos may come between them.
//
// A chunk whose rest is in another body stays as it is, because bodies arrive in any order, or never. The zero value is ready to use.
type Joiner struct {
	lines []Line
	open  []int // the indexes of the lines that may continue in a later frame
}

// Reset empties the Joiner for another body. It reuses the memory, so the lines of the previous body are no longer valid.
func (j *Joiner) Reset() {
	clear(j.lines) // releases the previous body
	j.lines, j.open = j.lines[:0], j.open[:0]
}

// Lines returns the lines added since the last Reset, in the order in which they begin.
func (j *Joiner) Lines() []Line { return j.lines }

// Add adds the next line of the body. It reports whether that is a line of its own; otherwise it continues an earlier one.
func (j *Joiner) Add(l Line) bool {
	for i, at := range j.open {
		first := &j.lines[at]
		if !first.continuedBy(&l) {
			continue
		}
		first.Message = append(slices.Clip(first.Message), l.Message...)
		if !l.chunk {
			j.open = slices.Delete(j.open, i, i+1)
		}
		return false
	}
	if l.chunk {
		j.open = append(j.open, len(j.lines))
	}
	j.lines = append(j.lines, l)
	return true
}

// continuedBy reports whether the other line may be the next chunk of this one.
func (l *Line) continuedBy(other *Line) bool {
	return !other.Malformed && bytes.Equal(l.OriginalTime, other.OriginalTime) && bytes.Equal(l.Process, other.Process) &&
		bytes.Equal(l.Source, other.Source) && bytes.Equal(l.Host, other.Host)
}
