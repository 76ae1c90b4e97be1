package cwlogs

import "container/list"

// maxOpened is the total size of the events that are not packed, in bytes. Lines that arrive late, or for a stream that has had some not long ago, belong
// into a chunk that is still open, so most lines are packed once.
const maxOpened = 16 << 20

// opened are the chunks of all timelines that are not packed.
type opened struct {
	packer *packer
	limit  int64 // of bytes
	bytes  int64
	chunks list.List // of *chunk, that which was changed last in front
}

func newOpened(limit int64) (*opened, error) {
	p, err := newPacker()
	return &opened{packer: p, limit: limit}, err
}

// events returns the events of a chunk, to be changed. The caller must call changed then.
func (o *opened) events(c *chunk) []event {
	if c.count > 0 && c.events == nil {
		return c.packed.events(c.count)
	}
	return c.events
}

// changed notes that a chunk is open, and has other events.
func (o *opened) changed(c *chunk) {
	if c.place == nil {
		c.place = o.chunks.PushFront(c)
	} else {
		o.chunks.MoveToFront(c.place)
	}
	o.bytes += c.bytes - c.counted
	c.counted = c.bytes
}

// remove forgets a chunk.
func (o *opened) remove(c *chunk) {
	if c.place == nil {
		return
	}
	o.chunks.Remove(c.place)
	o.bytes -= c.counted
	c.place, c.counted = nil, 0
}

// packOldest packs the chunks that were not changed for the longest time, as far as all together are too large.
func (o *opened) packOldest() {
	for o.bytes > o.limit {
		c := o.chunks.Back().Value.(*chunk)
		o.remove(c)
		c.packed, c.events = o.packer.pack(c.events), nil
	}
}
