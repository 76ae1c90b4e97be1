package storage

import (
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/logformat"
)

// maxEventBytes is the longest text of one event. The documentation says "1 MB" and not whether JSON escapes count, so this is the decimal
// megabyte, which Fluent Bit settled on after tests: https://github.com/fluent/fluent-bit/pull/11159
const maxEventBytes = 1_000_000

// writer makes events of lines.
type writer struct {
	format   logformat.Format
	ansi     logformat.ANSI
	window   window
	matching matching
	tells    bool // the metrics by app count what the lines tell
	batch    *batch
	account  *account // of the current message

	sent, token string // of the current message: what all copies of it share, and the drain's token
}

// begin starts a message.
func (w *writer) begin(sent, token string) {
	w.sent, w.token = sent, token
	w.matching.begin(sent, token)
}

// write adds the lines of one message to the batch, except those that are stored already, or that a rule drops. All lines are matched, so that
// every copy of the message matches the same.
func (w *writer) write(r *reader, key identity, received time.Time, stored record) {
	for i := range r.lines {
		l, id := &r.lines[i], r.ids[i]
		has := stored.has(id)
		if has {
			w.account.duplicates++
		}
		if has && !w.matching.on() {
			continue
		}
		l.ID = key.lineID(id).At(l.Time) // the time that the line states: a copy may be moved to another one
		w.prepare(l, received)
		verdict := w.matching.line(l)
		switch {
		case has:
			continue
		case verdict == alert.DropIt:
			w.account.dropped++
			w.account.report(l, w.sent, w.token)
		default:
			w.add(l, key, id, stored)
		}
	}
}

// prepare makes the line fit for an event.
func (w *writer) prepare(l *logformat.Line, received time.Time) {
	l.Clean(w.ansi)
	if l.NoTime {
		l.Time = received
	}
	l.Time, l.Moved = w.window.clamp(l.Time)
}

// add writes a line as one event, or as several if it is too long for one. It omits events that are stored already.
func (w *writer) add(l *logformat.Line, key identity, id uint64, stored record) {
	b := w.batch
	first, start := len(b.events), len(b.text)
	b.text = w.format.Append(b.text, l)
	if len(b.text)-start <= maxEventBytes {
		b.add(l, id, start)
		e := &b.events[first]
		e.counts, e.report = true, w.account.report(l, w.sent, w.token)
		if w.tells {
			e.told = tell(l, w.token)
		}
		return
	}
	b.text = b.text[:start]
	begin := 0
	for piece := range logformat.Split(w.format, *l, maxEventBytes) {
		if id := pieceID(id, begin, piece.Message); !stored.has(id) {
			piece.ID = key.lineID(id).SameTime(l.ID)
			b.text = w.format.Append(b.text, &piece)
			b.add(&piece, id, start)
			start = len(b.text)
		}
		begin += len(piece.Message)
	}
	if len(b.events) == first {
		w.account.duplicates++
		return
	}
	b.events[first].counts = true
}
