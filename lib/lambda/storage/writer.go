package storage

import "time"

// writer makes events of lines.
type writer struct {
	format    format
	stripANSI bool
	window    window
	batch     *batch
	summary   *summary
	entry     entry // the one at hand
}

// write adds the lines of one message to the batch, but for what is stored of them already.
func (w *writer) write(lines []line, received time.Time, stored record) {
	for i := range lines {
		if l := &lines[i]; !stored.whole || !stored.has(l.id) { // else add may find that a part of the line is stored
			w.entry = w.read(l, received)
			w.add(&w.entry, l.id, stored)
		}
	}
}

// read is what is to be written of a line.
func (w *writer) read(l *line, received time.Time) entry {
	e := entry{time: l.Time, timeText: clean(l.TimeText, false), severity: l.Severity(), message: clean(l.Message, w.stripANSI)}
	if l.malformed {
		e.malformed, e.source, e.process = true, ownSource, malformedProcess
	} else {
		e.source, e.process = clean(l.Source, false), clean(l.Process, false)
	}
	if e.time.IsZero() {
		e.time, e.noTime = received, true
	}
	e.time, e.moved = w.window.clamp(e.time)
	w.summary.lines++
	return e
}

// add writes an entry as an event, or as several when one cannot hold it.
func (w *writer) add(e *entry, id uint64, stored record) {
	b := w.batch
	start := len(b.text)
	b.text = w.format.append(b.text, e)
	switch {
	case len(b.text)-start > maxEventBytes:
		b.text = b.text[:start]
		for piece := range split(w.format, *e) {
			w.add(&piece, id, stored)
			id++
		}
	case stored.has(id):
		b.text = b.text[:start]
	default:
		b.add(e, id, start)
	}
}
