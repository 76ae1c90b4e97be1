package storage

import (
	"hash/maphash"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// reader reads the lines of message bodies and gives each an id by which a copy of it is recognized. Its memory is reused from body to
// body.
type reader struct {
	seed   maphash.Seed
	joiner logformat.Joiner
	lines  []logformat.Line
	ids    []uint64 // of the lines: see lineID, overflowID
	sum    uint64   // a hash of the body without its overflow reports
}

// read reads the lines of a body, which are valid until the next call.
func (r *reader) read(body []byte) {
	r.joiner.Reset()
	r.ids = r.ids[:0]
	var sum maphash.Hash
	sum.SetSeed(r.seed)
	number := 0
	for f := range logplex.Frames(body) {
		l, id := logformat.Parse(f), lineID(number)
		if (logplex.Line{Source: l.Source, Process: l.Process, Message: l.Message}).IsOverflow() {
			id = overflowID(r.seed, f.Message)
		} else {
			number++
			_, _ = sum.Write(f.Raw) // never fails
		}
		if r.joiner.Add(l) {
			r.ids = append(r.ids, id)
		}
	}
	r.lines, r.sum = r.joiner.Lines(), sum.Sum64()
}

// overflowBit marks the id of an overflow report. Other ids are the line's number in the message, followed by pieceBits bits for the number
// of the event, because a very long line takes several.
const (
	overflowBit = 1 << 63
	pieceBits   = 16
)

// lineID returns the id of a line by its number: its position among the message's lines, not counting overflow reports, which come and go.
func lineID(number int) uint64 { return uint64(number) << pieceBits }

// overflowID returns the id of an overflow report: a hash of its text, because it has no position of its own.
func overflowID(seed maphash.Seed, message []byte) uint64 {
	return maphash.Bytes(seed, message) | overflowBit
}
