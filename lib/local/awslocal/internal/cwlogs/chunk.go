package cwlogs

import (
	"container/list"
	"encoding/binary"
	"errors"

	"github.com/klauspost/compress/zstd"
)

const (
	// chunkSize is the largest number of events of a chunk. It is a compromise: in larger chunks, inserting takes longer; with smaller chunks, seeking
	// does, and packing makes less of it.
	chunkSize = 256
	// chunkBytes is the size from which on a chunk gets no more events, so that those with long messages are not read for one of them.
	chunkBytes = 128 << 10
)

// chunk is some successive events of a timeline. It is open, or packed: events that are packed take about a sixth of the memory.
type chunk struct {
	first, last position
	count       int
	bytes       int64   // the sizes of its events
	events      []event // in order; nil: they are packed
	packed      *packed
	place       *list.Element // in the list of opened chunks; nil: it is not there
	counted     int64         // its bytes as they are counted there
}

// set replaces the events of an open chunk.
func (c *chunk) set(events []event) {
	c.events, c.packed = events, nil
	c.first, c.last, c.count, c.bytes = events[0].position, last(events).position, len(events), sizeOf(events)
}

// room returns how many of the events can be appended to the chunk. An empty chunk has room for at least one.
func (c *chunk) room(events []event) int {
	n, bytes := 0, c.bytes
	for n < len(events) && c.count+n < chunkSize && bytes < chunkBytes {
		bytes += int64(events[n].size())
		n++
	}
	return n
}

// read returns the events, which must not be changed.
func (c *chunk) read() []event {
	if c.events == nil {
		return c.packed.events(c.count)
	}
	return c.events
}

// split splits events that are too many for a chunk into pieces that are half full, to leave room for more.
func split(events []event) [][]event {
	if len(events) <= chunkSize && sizeOf(events) <= 2*chunkBytes {
		return [][]event{events}
	}
	var pieces [][]event
	start, bytes := 0, 0
	for i := range events {
		if i > start && (i-start >= chunkSize/2 || bytes >= chunkBytes/2) {
			pieces = append(pieces, events[start:i:i])
			start, bytes = i, 0
		}
		bytes += events[i].size()
	}
	return append(pieces, events[start:])
}

// packer packs chunks.
type packer struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

// newPacker returns a packer that is fast rather than thorough: log lines resemble each other so much that a better level saves little.
func newPacker() (*packer, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true),
		zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	decoder, errDecoder := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true))
	return &packer{encoder: encoder, decoder: decoder}, errors.Join(err, errDecoder)
}

// packed is the events of a chunk, compressed: for each the difference of its position to that of the event before, and the length of its message; then
// all messages. Numbers are varints.
type packed struct {
	by   *packer
	data []byte
}

// pack packs events.
func (p *packer) pack(events []event) *packed {
	size := 0
	for i := range events {
		size += len(events[i].message) + eventOverhead
	}
	text := make([]byte, 0, size)
	var before position
	for i := range events {
		e := &events[i]
		text = binary.AppendUvarint(text, uint64(e.time-before.time)) // 0 or more
		text = binary.AppendVarint(text, e.ingested-before.ingested)
		text = binary.AppendVarint(text, int64(e.put-before.put))
		text = binary.AppendUvarint(text, uint64(e.index))
		text = binary.AppendUvarint(text, uint64(len(e.message)))
		before = e.position
	}
	for i := range events {
		text = append(text, events[i].message...)
	}
	data := p.encoder.EncodeAll(text, make([]byte, 0, len(text)/4))
	return &packed{by: p, data: append(make([]byte, 0, len(data)), data...)} // no larger than necessary
}

// events returns the events, whose number must be given. Their messages share the memory of one text.
func (p *packed) events(count int) []event {
	text, err := p.by.decoder.DecodeAll(p.data, nil)
	if err != nil {
		panic(err) // cannot happen: pack has made it
	}
	events := make([]event, count)
	sizes := make([]int, count)
	var at position
	for i := range events {
		at.time += int64(uvarint(&text))
		at.ingested += varint(&text)
		at.put += uint64(varint(&text))
		at.index = uint16(uvarint(&text))
		events[i].position, sizes[i] = at, int(uvarint(&text))
	}
	messages := string(text)
	for i, size := range sizes {
		events[i].message, messages = messages[:size], messages[size:]
	}
	return events
}

func uvarint(text *[]byte) uint64 {
	n, size := binary.Uvarint(*text)
	*text = (*text)[size:]
	return n
}

func varint(text *[]byte) int64 {
	n, size := binary.Varint(*text)
	*text = (*text)[size:]
	return n
}
