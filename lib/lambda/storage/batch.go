package storage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/logformat"
)

// The limits of one PutLogEvents call. A call that exceeds one of them fails as a whole.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const (
	maxBatchBytes  = 1_048_576 // the events' texts as UTF-8, plus eventOverhead each
	eventOverhead  = 26
	maxBatchEvents = 10_000
	maxBatchSpan   = 24 * time.Hour // between the first and the last event
)

// event is one log event; its text stands in the batch's.
type event struct {
	time       int64 // nanoseconds since 1970, so that lines of one millisecond keep the order of their microseconds
	id         uint64
	start, end int

	// Of the line, for the summary; a line of several events counts as its first.
	malformed, moved bool
	ownTime          bool // the event's time is the line's
}

// size is what the event takes of a call.
func (e event) size() int { return e.end - e.start + eventOverhead }

// extent is what some events take of a PutLogEvents call.
type extent struct {
	events, bytes int
	first, last   int64 // nanoseconds since 1970
}

func (x extent) with(e event) extent {
	return x.plus(extent{events: 1, bytes: e.size(), first: e.time, last: e.time})
}

func (x extent) plus(y extent) extent {
	switch {
	case x.events == 0:
		return y
	case y.events == 0:
		return x
	}
	return extent{x.events + y.events, x.bytes + y.bytes, min(x.first, y.first), max(x.last, y.last)}
}

// fits reports whether one call may carry the events.
func (x extent) fits() bool {
	return x.events <= maxBatchEvents && x.bytes <= maxBatchBytes && x.last-x.first <= int64(maxBatchSpan)
}

// batch gathers the events of one PutLogEvents call. They come in whole messages: those of the message at hand, the tail, belong to the
// batch only when it is kept. So the batch holds no more than one call's events and one message's.
type batch struct {
	text     []byte // the events' texts, one after the other
	events   []event
	kept     extent
	keptText int
	tail     extent
	messages []string          // the ids of the messages kept
	records  map[string]record // what the call stores of them, by their keys
}

// add adds the event of a line to the tail. Its text is what was appended to the batch's since start.
func (b *batch) add(l *logformat.Line, id uint64, start int) {
	e := event{
		time: l.Time.UnixNano(), id: id, start: start, end: len(b.text),
		malformed: l.Malformed && !l.Continued, moved: l.Moved && !l.Continued, ownTime: !l.NoTime && !l.Moved,
	}
	b.events = append(b.events, e)
	b.tail = b.tail.with(e)
}

// keptEvents are those of the messages kept.
func (b *batch) keptEvents() []event { return b.events[:b.kept.events] }

// tailEvents are the events of the message at hand.
func (b *batch) tailEvents() []event { return b.events[b.kept.events:] }

// keep makes the tail a part of the batch.
func (b *batch) keep(messageID, key string, rec record) {
	b.messages = append(b.messages, messageID)
	b.records[key] = rec
	b.kept, b.keptText, b.tail = b.kept.plus(b.tail), len(b.text), extent{}
}

// dropTail forgets the message at hand.
func (b *batch) dropTail() {
	b.text, b.events, b.tail = b.text[:b.keptText], b.keptEvents(), extent{}
}

// dropKept forgets the messages kept; the tail stays.
func (b *batch) dropKept() {
	b.text = b.text[:copy(b.text, b.text[b.keptText:])]
	b.events = b.events[:copy(b.events, b.tailEvents())]
	for i := range b.events {
		b.events[i].start -= b.keptText
		b.events[i].end -= b.keptText
	}
	b.kept, b.keptText = extent{}, 0
	b.messages = b.messages[:0]
	clear(b.records)
}

// sortEvents puts events into the order of their times, as PutLogEvents wants them. Those of one time keep the order of their arrival.
func sortEvents(events []event) {
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.time, b.time) })
}

// fitting is how many of the events, which are sorted, one call may carry.
func fitting(events []event) int {
	var x extent
	for i, e := range events {
		if x = x.with(e); !x.fits() {
			return i
		}
	}
	return len(events)
}

// input makes the SDK's events of some of the batch's. Their texts share one string, and their pointers lead into three slices rather than
// to two small objects for each event.
func (b *batch) input(events []event) []types.InputLogEvent {
	var size int
	for _, e := range events {
		size += e.end - e.start
	}
	var all strings.Builder
	all.Grow(size)
	texts, times, in := make([]string, len(events)), make([]int64, len(events)), make([]types.InputLogEvent, len(events))
	for i, e := range events {
		from := all.Len()
		all.Write(b.text[e.start:e.end])
		texts[i] = all.String()[from:]
		times[i] = time.Unix(0, e.time).UnixMilli()
		in[i] = types.InputLogEvent{Message: &texts[i], Timestamp: &times[i]}
	}
	return in
}
