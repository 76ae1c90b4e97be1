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

// timeline holds a stream's events in order. They are split into chunks, so that inserting a late event does not move all others.
type timeline struct {
	chunks [][]event // none is empty
	bytes  int64
}

// chunkSize is a compromise: in larger chunks, inserting takes longer; with smaller chunks, seeking does.
const chunkSize = 256

// add inserts events, which must be in order.
func (t *timeline) add(events []event) {
	for i := range events {
		t.bytes += int64(events[i].size())
	}
	for len(events) > 0 {
		k := sort.Search(len(t.chunks), func(k int) bool { return last(t.chunks[k]).compare(events[0].position) > 0 })
		if k == len(t.chunks) {
			t.append(events)
			return
		}
		bound := last(t.chunks[k]).position // the last position that belongs in chunk k
		if k+1 < len(t.chunks) {
			bound = t.chunks[k+1][0].position
		}
		n := sort.Search(len(events), func(i int) bool { return events[i].compare(bound) > 0 })
		t.insert(k, events[:n])
		events = events[n:]
	}
}

// append adds events after all others.
func (t *timeline) append(events []event) {
	for len(events) > 0 {
		k := len(t.chunks) - 1
		if k < 0 || len(t.chunks[k]) >= chunkSize {
			t.chunks = append(t.chunks, make([]event, 0, chunkSize))
			k++
		}
		n := min(len(events), chunkSize-len(t.chunks[k]))
		t.chunks[k] = append(t.chunks[k], events[:n]...)
		events = events[n:]
	}
}

// insert merges events into a chunk, from the back, and splits the chunk if it becomes too long.
func (t *timeline) insert(k int, events []event) {
	old := len(t.chunks[k])
	chunk := append(t.chunks[k], events...)
	for to := len(chunk) - 1; len(events) > 0; to-- {
		if old > 0 && chunk[old-1].compare(last(events).position) > 0 {
			old--
			chunk[to] = chunk[old]
		} else {
			chunk[to] = last(events)
			events = events[:len(events)-1]
		}
	}
	if len(chunk) <= chunkSize {
		t.chunks[k] = chunk
		return
	}
	var pieces [][]event
	for piece := range slices.Chunk(chunk, chunkSize/2) { // half full, to leave room for more
		pieces = append(pieces, piece)
	}
	t.chunks = slices.Replace(t.chunks, k, k+1, pieces...)
}

// dropBefore removes the chunks that contain only events before a time.
func (t *timeline) dropBefore(time int64) {
	n := 0
	for ; n < len(t.chunks) && last(t.chunks[n]).time < time; n++ {
		for i := range t.chunks[n] {
			t.bytes -= int64(t.chunks[n][i].size())
		}
	}
	t.chunks = slices.Delete(t.chunks, 0, n)
}

func last(events []event) event { return events[len(events)-1] }

// cursor iterates over a timeline, which must not change meanwhile.
type cursor struct {
	chunks       [][]event
	chunk, index int
}

// seek returns a cursor at the first event at or after a position.
func (t *timeline) seek(p position) cursor {
	c := cursor{chunks: t.chunks}
	c.chunk = sort.Search(len(t.chunks), func(k int) bool { return last(t.chunks[k]).compare(p) >= 0 })
	if c.chunk < len(t.chunks) {
		chunk := t.chunks[c.chunk]
		c.index = sort.Search(len(chunk), func(i int) bool { return chunk[i].compare(p) >= 0 })
	}
	return c
}

// event returns the event at the cursor, or nil beyond either end.
func (c *cursor) event() *event {
	if c.chunk < 0 || c.chunk >= len(c.chunks) {
		return nil
	}
	return &c.chunks[c.chunk][c.index]
}

func (c *cursor) forward() {
	if c.index++; c.index >= len(c.chunks[c.chunk]) {
		c.chunk, c.index = c.chunk+1, 0
	}
}

func (c *cursor) backward() {
	if c.index--; c.index < 0 {
		if c.chunk--; c.chunk >= 0 {
			c.index = len(c.chunks[c.chunk]) - 1
		}
	}
}
