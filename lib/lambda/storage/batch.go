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

// event is one log event. Its text is part of the batch's.
type event struct {
	time       int64 // nanoseconds since 1970, so that lines of one millisecond keep the order of their microseconds
	id         uint64
	line       logformat.ID
	start, end int
	message    int32 // the index of its message among those of the batch

	// What the summary counts. A line of several events counts once, with its first.
	malformed, moved bool
	ownTime          bool // the event's time is the line's own
	told             told

	// What its account counts: the first event that this run writes of a line counts for the line.
	counts  bool
	account int32 // its index
	report  int32 // the number of its lostReport, from 1; 0: none
}

// size returns how many bytes the event adds to a call.
func (e event) size() int { return e.end - e.start + eventOverhead }

// extent is how much of a PutLogEvents call a group of events takes.
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
	return extent{
		events: x.events + y.events, bytes: x.bytes + y.bytes, first: min(x.first, y.first), last: max(x.last, y.last),
	}
}

// fits reports whether one call can carry the events.
func (x extent) fits() bool {
	return x.events <= maxBatchEvents && x.bytes <= maxBatchBytes && x.last-x.first <= int64(maxBatchSpan)
}

// kept is a message of a batch.
type kept struct {
	index int32
	id    string
	key   identity
}

// batch collects the events of one PutLogEvents call, in whole messages. The events of the current message are the tail, which becomes part
// of the batch when it is kept. So the batch never holds more than the events of one call and one message.
type batch struct {
	text     []byte // the events' texts, concatenated
	events   []event
	kept     extent
	keptText int
	tail     extent
	messages []kept
	records  map[identity]record // what will be known of them once the call has succeeded
	account  int                 // the index of the current message's account
}

// add adds the event of a line to the tail. Its text is what was appended to the batch's text since start.
func (b *batch) add(l *logformat.Line, id uint64, start int) {
	e := event{
		time: l.Time.UnixNano(), id: id, line: l.ID, start: start, end: len(b.text), message: int32(len(b.messages)),
		malformed: l.Malformed && !l.Continued, moved: l.Moved && !l.Continued, ownTime: !l.NoTime && !l.Moved,
		account: int32(b.account),
	}
	b.events = append(b.events, e)
	b.tail = b.tail.with(e)
}

// keptEvents returns the events of the kept messages.
func (b *batch) keptEvents() []event { return b.events[:b.kept.events] }

// eventsOf returns copies of the events of some kept messages, in their current order. The messages are adjacent in the batch.
func (b *batch) eventsOf(messages []kept) []event {
	first, last := messages[0].index, messages[len(messages)-1].index
	var events []event
	for _, e := range b.keptEvents() {
		if first <= e.message && e.message <= last {
			events = append(events, e)
		}
	}
	return events
}

// tailEvents returns the events of the current message.
func (b *batch) tailEvents() []event { return b.events[b.kept.events:] }

// keep makes the tail part of the batch.
func (b *batch) keep(messageID string, key identity, rec record) {
	b.messages = append(b.messages, kept{index: int32(len(b.messages)), id: messageID, key: key})
	b.records[key] = rec
	b.kept, b.keptText, b.tail = b.kept.plus(b.tail), len(b.text), extent{}
}

// dropTail removes the current message.
func (b *batch) dropTail() {
	b.text, b.events, b.tail = b.text[:b.keptText], b.keptEvents(), extent{}
}

// dropKept removes the kept messages. The tail stays.
func (b *batch) dropKept() {
	b.text = b.text[:copy(b.text, b.text[b.keptText:])]
	b.events = b.events[:copy(b.events, b.tailEvents())]
	for i := range b.events {
		b.events[i].start -= b.keptText
		b.events[i].end -= b.keptText
		b.events[i].message = 0
	}
	b.kept, b.keptText = extent{}, 0
	b.messages = b.messages[:0]
	clear(b.records)
}

// sortEvents sorts events by time, as PutLogEvents requires. Events of the same time stay in order of arrival.
func sortEvents(events []event) {
	byTime := func(a, b event) int { return cmp.Compare(a.time, b.time) }
	if !slices.IsSortedFunc(events, byTime) { // they usually are
		slices.SortStableFunc(events, byTime)
	}
}

// fitting returns how many of the sorted events one call can carry.
func fitting(events []event) int {
	var x extent
	for i, e := range events {
		if x = x.with(e); !x.fits() {
			return i
		}
	}
	return len(events)
}

// input returns some of the batch's events as the SDK takes them. To save allocations, their texts share one string, and their pointers
// point into slices.
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
