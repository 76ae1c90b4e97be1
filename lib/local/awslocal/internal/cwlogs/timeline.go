package cwlogs

import (
	"slices"
	"sort"
)

// eventOverhead is the size that each event has in addition to its message, in bytes.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const eventOverhead = 26

type event struct {
	position
	message string
}

// size returns the event's size in a request, in a page and in storage, in bytes.
func (e *event) size() int { return len(e.message) + eventOverhead }

// timeline holds a stream's events in order. They are split into chunks, so that inserting a late event does not move all others, and so that those
// that nobody changes can be packed.
type timeline struct {
	opened *opened
	chunks []*chunk // none is empty
	bytes  int64
}

// add inserts events, which must be in order.
func (t *timeline) add(events []event) {
	t.bytes += sizeOf(events)
	for len(events) > 0 {
		k := sort.Search(len(t.chunks), func(k int) bool { return t.chunks[k].last.compare(events[0].position) > 0 })
		if k == len(t.chunks) {
			t.append(events)
			break
		}
		bound := t.chunks[k].last // the last position that belongs in chunk k
		if k+1 < len(t.chunks) {
			bound = t.chunks[k+1].first
		}
		n := sort.Search(len(events), func(i int) bool { return events[i].compare(bound) > 0 })
		t.insert(k, events[:n])
		events = events[n:]
	}
	t.opened.packOldest()
}

// append adds events after all others.
func (t *timeline) append(events []event) {
	for len(events) > 0 {
		k := len(t.chunks) - 1
		if k < 0 || t.chunks[k].room(events) == 0 {
			t.chunks = append(t.chunks, &chunk{})
			k++
		}
		c := t.chunks[k]
		n := c.room(events)
		c.set(append(t.opened.events(c), events[:n]...))
		t.opened.changed(c)
		events = events[n:]
	}
}

// insert merges events into a chunk, from the back, and splits the chunk if it becomes too long.
func (t *timeline) insert(k int, events []event) {
	merged := t.opened.events(t.chunks[k])
	old := len(merged)
	merged = append(merged, events...)
	for to := len(merged) - 1; len(events) > 0; to-- {
		if old > 0 && merged[old-1].compare(last(events).position) > 0 {
			old--
			merged[to] = merged[old]
		} else {
			merged[to] = last(events)
			events = events[:len(events)-1]
		}
	}
	pieces := split(merged)
	t.chunks[k].set(pieces[0])
	t.opened.changed(t.chunks[k])
	for i, piece := range pieces[1:] {
		c := &chunk{}
		c.set(slices.Clone(piece)) // so that appending to a piece does not change the next one
		t.opened.changed(c)
		t.chunks = slices.Insert(t.chunks, k+1+i, c)
	}
}

// dropBefore removes the chunks that contain only events before a time.
func (t *timeline) dropBefore(time int64) {
	n := 0
	for ; n < len(t.chunks) && t.chunks[n].last.time < time; n++ {
		t.bytes -= t.chunks[n].bytes
		t.opened.remove(t.chunks[n])
	}
	t.chunks = slices.Delete(t.chunks, 0, n)
}

// clear removes all events.
func (t *timeline) clear() {
	for _, c := range t.chunks {
		t.opened.remove(c)
	}
	t.chunks, t.bytes = nil, 0
}

func last(events []event) event { return events[len(events)-1] }

func sizeOf(events []event) int64 {
	size := int64(0)
	for i := range events {
		size += int64(events[i].size())
	}
	return size
}

// cursor iterates over a timeline, which must not change meanwhile.
type cursor struct {
	chunks       []*chunk
	chunk, index int
	events       []event // those of the chunk; nil until they are needed
}

// seek returns a cursor at the first event at or after a position.
func (t *timeline) seek(p position) cursor {
	c := cursor{chunks: t.chunks}
	c.chunk = sort.Search(len(t.chunks), func(k int) bool { return t.chunks[k].last.compare(p) >= 0 })
	if c.chunk < len(t.chunks) && t.chunks[c.chunk].first.compare(p) < 0 {
		c.events = t.chunks[c.chunk].read()
		c.index = sort.Search(len(c.events), func(i int) bool { return c.events[i].compare(p) >= 0 })
	}
	return c
}

// event returns the event at the cursor, or nil beyond either end.
func (c *cursor) event() *event {
	if c.chunk < 0 || c.chunk >= len(c.chunks) {
		return nil
	}
	if c.events == nil {
		c.events = c.chunks[c.chunk].read()
	}
	return &c.events[c.index]
}

func (c *cursor) forward() {
	if c.index++; c.index >= c.chunks[c.chunk].count {
		c.chunk, c.index, c.events = c.chunk+1, 0, nil
	}
}

func (c *cursor) backward() {
	if c.index--; c.index >= 0 {
		return
	}
	c.events = nil
	if c.chunk--; c.chunk >= 0 {
		c.index = c.chunks[c.chunk].count - 1
	}
}
