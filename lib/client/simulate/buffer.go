package simulate

import (
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

// buffer is what a node holds for a drain: the lines that are not in a POST yet, the oldest first.
type buffer struct {
	limit int
	lines []*Entry
}

func (b *buffer) full() bool { return len(b.lines) >= b.limit }

// add adds a line, and returns those that it displaces.
func (b *buffer) add(e *Entry) (displaced []*Entry) {
	b.lines = append(b.lines, e)
	return b.resize(b.limit)
}

// resize changes the limit, and returns the oldest lines if there are more.
func (b *buffer) resize(limit int) (displaced []*Entry) {
	b.limit = limit
	n := max(len(b.lines)-limit, 0)
	displaced, b.lines = b.lines[:n:n], b.lines[n:]
	return displaced
}

// take removes the oldest lines: as many as fit a body of size bytes, but at least one, and at most so many.
func (b *buffer) take(lines, size int) []*Entry {
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
