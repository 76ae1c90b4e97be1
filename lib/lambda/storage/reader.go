package storage

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// reader reads the lines of message bodies and gives each an id by which a copy of it is recognized. Its memory is reused from body to
// body.
type reader struct {
	joiner logformat.Joiner
	lines  []logformat.Line
	ids    []uint64 // of the lines: see lineID, overflowID
	sum    sum      // of the body without its overflow reports
	frames int      // how many frames the body has, without malformed pieces
	blank  int      // how many pieces are only white space, which is not stored
}

// read reads the lines of a body, which are valid until the next call.
func (r *reader) read(body []byte) {
	r.joiner.Reset()
	r.ids = r.ids[:0]
	sum := newSummer(body)
	number := 0
	r.frames, r.blank = 0, 0
	for f := range logplex.Frames(body) {
		if !f.Malformed {
			r.frames++
		}
		if f.Blank() {
			r.blank++
			sum.skip(f)
			continue
		}
		l, id := logformat.Parse(f), lineID(number)
		if isOverflow(l) {
			id = overflowID(f.Message)
			sum.skip(f)
		} else {
			number++
			sum.add(f)
		}
		if r.joiner.Add(l) {
			r.ids = append(r.ids, id)
		}
	}
	r.lines = r.joiner.Lines()
	r.sum = sum.end()
}

// summarize returns what identifies a body: the sum that read computes, and the ids of its overflow reports.
func summarize(body []byte) (_ sum, reports []uint64) {
	sum := newSummer(body)
	for f := range logplex.Frames(body) {
		switch {
		case f.Blank():
			sum.skip(f)
		case bytes.Contains(f.Message, overflowWord) && isOverflow(logformat.Parse(f)):
			reports = append(reports, overflowID(f.Message))
			sum.skip(f)
		default:
			sum.add(f)
		}
	}
	return sum.end(), reports
}

// overflowWord is in each overflow report, and in few other lines.
var overflowWord = []byte("Error L1")

// isOverflow reports whether a line is an overflow report.
func isOverflow(l logformat.Line) bool {
	return (logplex.Line{Source: l.Source, Process: l.Process, Message: l.Message}).IsOverflow()
}

// miscounted returns by how many frames the body differs from what Logplex-Msg-Count says. It is 0 without the header, and for a part of a
// request, because the header counts the whole.
func (r *reader) miscounted(env envelope.Envelope) int {
	if env.MsgCount < 0 || env.Parts > 1 {
		return 0
	}
	return max(env.MsgCount-r.frames, r.frames-env.MsgCount)
}

// overflowBit marks the id of an overflow report. Other ids are the line's number in the message, followed by pieceBits bits: zero, or a hash
// of the piece if the line takes several events.
const (
	overflowBit = 1 << 63
	pieceBits   = 44
)

// lineID returns the id of a line by its number: its position among the message's lines, not counting overflow reports, which come and go.
func lineID(number int) uint64 { return uint64(number) << pieceBits }

// pieceID returns the id of a piece of the line with the given id. It depends on the piece's text and on its position in the line, not on its
// number: where a line is split depends on the format and on its time, which may differ when the message comes again.
func pieceID(id uint64, begin int, text []byte) uint64 {
	return id ^ (hash64(text, uint64(begin))&(1<<pieceBits-1) | 1)
}

// overflowID returns the id of an overflow report: a hash of its text, because it has no position of its own.
func overflowID(message []byte) uint64 { return hash64(message, 0) | overflowBit }

// hash64 returns a hash of a text and a number that is the same in every process.
func hash64(text []byte, number uint64) uint64 {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(append(make([]byte, 0, len(text)+8), text...), number))
	return binary.BigEndian.Uint64(sum[:])
}
