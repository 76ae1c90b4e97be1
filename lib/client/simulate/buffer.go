package simulate

import (
	"math"
	"time"

	"heroku-drains/lib/client/delivery"
)

// How Logplex buffers for a drain on each node (logplex_http_drain.erl).
const (
	// BufferLines is how many lines a buffer takes before a new one displaces the oldest.
	BufferLines = delivery.MaxLines
	// ShrunkLines is how many it takes after shrinkAfter without success.
	ShrunkLines = 10
	shrinkAfter = 5 * time.Minute
)

// How log-shuttle buffers, in lines: https://github.com/heroku/log-shuttle/blob/master/config.go and http_outlet.go
const (
	// shuttleBuffer is what it reads ahead, and 50 batches. What does not fit is dropped, the newest first.
	shuttleBuffer = 1000 + 50*delivery.ShuttleLines
	// shuttleCrowd is how much may wait, 60 % of the batches, until a batch that failed is not repeated.
	shuttleCrowd = 30 * delivery.ShuttleLines
	// shuttleDelay is how long it waits for more lines before it sends fewer than delivery.ShuttleLines.
	shuttleDelay = 250 * time.Millisecond
)

// buffer is what a node holds for a drain: the lines that are not in a POST yet, the oldest first.
type buffer struct {
	mode  Mode
	limit int
	lines []*Entry
}

func newBuffer(m Mode) buffer {
	if m == Space {
		return buffer{mode: m, limit: shuttleBuffer}
	}
	return buffer{limit: BufferLines}
}

// full reports whether no more lines are to be added by a source that can wait.
func (b *buffer) full() bool { return len(b.lines) >= min(b.limit, BufferLines) }

// add adds a line, and returns those that do not fit: the oldest, but the new one in space mode.
func (b *buffer) add(e *Entry) (displaced []*Entry) {
	if b.mode == Space && len(b.lines) == b.limit {
		return []*Entry{e}
	}
	b.lines = append(b.lines, e)
	return b.resize(b.limit)
}

// due returns how long to wait for more lines before a batch is taken.
func (b *buffer) due(now time.Time) time.Duration {
	if b.mode != Space || len(b.lines) == 0 || len(b.lines) >= delivery.ShuttleLines {
		return 0
	}
	return b.lines[0].Made.Add(shuttleDelay).Sub(now)
}

// resize changes the limit, and returns the oldest lines if there are more.
func (b *buffer) resize(limit int) (displaced []*Entry) {
	b.limit = limit
	n := max(len(b.lines)-limit, 0)
	displaced, b.lines = b.lines[:n:n], b.lines[n:]
	return displaced
}

// take removes the oldest lines, as many as one POST takes: those that fit a body of delivery.MaxBytes, but at least one, or so many lines of any
// size in space mode.
func (b *buffer) take() []*Entry {
	lines, size := delivery.MaxLines, delivery.MaxBytes
	if b.mode == Space {
		lines, size = delivery.ShuttleLines, math.MaxInt
	}
	n, total := 0, 0
	for n < min(len(b.lines), lines) {
		total += frameLength(len(b.lines[n].Raw))
		if total > size && n > 0 {
			break
		}
		n++
	}
	taken := b.lines[:n:n]
	b.lines = b.lines[n:]
	return taken
}

// frameLength returns the length of the frame of a message: its length in decimal, a space, and the message.
func frameLength(message int) int {
	length := 2 + message
	for n := message; n >= 10; n /= 10 {
		length++
	}
	return length
}
