package storage

import (
	"bytes"
	"hash/maphash"

	"heroku-drains/lib/logplex"
)

// line is one log line of a message, or a piece of it that is none.
type line struct {
	logplex.Line
	id        uint64 // tells it from the message's other lines, and is the same when the message comes again (see lineID, overflowID)
	malformed bool   // Message holds the bytes as they were sent, and nothing else is known
}

// parse reads one frame. What is no Logplex line becomes a malformed one: nothing is given up.
func parse(f logplex.Frame) line {
	if !f.Malformed {
		l, ok := logplex.ParseLine(f.Message)
		if ok && len(l.Source) <= maxName && len(l.Process) <= maxName && len(l.TimeText) <= maxName {
			return line{Line: l}
		}
	}
	return line{Line: logplex.Line{Priority: -1, Message: f.Message}, malformed: true}
}

var (
	herokuSource  = []byte("heroku")
	logplexName   = []byte("logplex")
	overflowError = []byte("Error L10")
)

// isOverflow reports whether the line is Logplex's own report that it had to drop lines. Logplex puts it in front of a batch when it sends
// that batch again, under the same frame id.
// https://devcenter.heroku.com/articles/error-codes#l10-drain-buffer-overflow
func (l *line) isOverflow() bool {
	return bytes.Equal(l.Source, herokuSource) && bytes.Equal(l.Process, logplexName) && bytes.HasPrefix(l.Message, overflowError)
}

// overflowBit marks the id of an overflow report. The others hold the line's number in the message above pieceBits bits for the number of
// the event, of those that a very long line takes.
const (
	overflowBit = 1 << 63
	pieceBits   = 16
)

// lineID is the id of the line of a number: its place among the message's lines, not counting overflow reports, which come and go.
func lineID(number int) uint64 { return uint64(number) << pieceBits }

// overflowID is the id of an overflow report: its text, because it has no place of its own.
func overflowID(seed maphash.Seed, message []byte) uint64 {
	return maphash.Bytes(seed, message) | overflowBit
}
