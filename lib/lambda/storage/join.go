package storage

import (
	"bytes"
	"hash/maphash"
	"slices"

	"heroku-drains/lib/logplex"
)

// reader takes message bodies apart into lines. Its memory serves one body after the other.
type reader struct {
	seed  maphash.Seed
	lines []line
	sum   uint64 // a hash of the body but for overflow reports
	open  []int  // the places in lines of those that go on in a later frame
}

// read gives the lines of a body, in its order, until the next call. Long lines are whole again: log-shuttle cuts what a dyno prints
// every logplex.ChunkSize bytes, and other dynos' lines may come between the chunks, which share their time, source and process.
//
// A chunk whose rest is in another body stays as it is: bodies arrive in any order, or never.
func (r *reader) read(body []byte) []line {
	clear(r.lines) // lets go of the body before
	r.lines, r.open = r.lines[:0], r.open[:0]
	var sum maphash.Hash
	sum.SetSeed(r.seed)
	number := 0
	for f := range logplex.Frames(body) {
		l := parse(f)
		if l.isOverflow() {
			l.id = overflowID(r.seed, f.Message)
		} else {
			l.id = lineID(number)
			number++
			_, _ = sum.Write(f.Raw) // never fails
		}
		if !r.join(l) {
			r.lines = append(r.lines, l)
		}
	}
	r.sum = sum.Sum64()
	return r.lines
}

// join adds the line to the one that it continues, and reports whether there is one.
func (r *reader) join(l line) bool {
	goesOn := len(l.Message) == logplex.ChunkSize && !l.Newline && !l.malformed
	for i, at := range r.open {
		first := &r.lines[at]
		if !first.continuedBy(l) {
			continue
		}
		first.Message = append(slices.Clip(first.Message), l.Message...)
		if !goesOn {
			r.open = slices.Delete(r.open, i, i+1)
		}
		return true
	}
	if goesOn {
		r.open = append(r.open, len(r.lines))
	}
	return false
}

// continuedBy reports whether the other line may be the next chunk of this one.
func (l *line) continuedBy(other line) bool {
	return !other.malformed && bytes.Equal(l.TimeText, other.TimeText) && bytes.Equal(l.Process, other.Process) &&
		bytes.Equal(l.Source, other.Source)
}
