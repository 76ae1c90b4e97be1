package cwlogs

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"testing"
)

// FuzzPosition compares a position's text with what math/big says, and reads it back.
func FuzzPosition(f *testing.F) {
	f.Add(int64(1_800_000_000_000), int64(1_800_000_000_001), uint64(7), uint16(9999))
	f.Add(int64(0), int64(0), uint64(0), uint16(0))
	f.Add(int64(1<<62), int64(-1), uint64(1<<63), uint16(65535))
	f.Fuzz(func(t *testing.T, time, ingested int64, put uint64, index uint16) {
		p := position{time: time, ingested: ingested, put: put, index: index}
		b := binary.BigEndian.AppendUint64(nil, uint64(time))
		b = binary.BigEndian.AppendUint64(b, uint64(ingested))
		b = binary.BigEndian.AppendUint64(b, put)
		b = binary.BigEndian.AppendUint16(b, index)
		if got, want := p.String(), fmt.Sprintf("%056d", new(big.Int).SetBytes(b)); got != want {
			t.Fatalf("%+v is %s, want %s", p, got, want)
		}
		if read, ok := parsePosition(p.String()); ok && read != p {
			t.Fatalf("%+v is read as %+v", p, read)
		}
	})
}

// FuzzPack packs the events of a record, in the order of their times, and reads them back.
func FuzzPack(f *testing.F) {
	f.Add(encodeEvents([]event{{position: position{time: 1_800_000_000_000, ingested: 1_800_000_000_001, put: 7}, message: "a"}}))
	p, err := newPacker()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		events, err := decodeEvents(record)
		if err != nil {
			return
		}
		for i := range events { // calls have their events in this order
			events[i].time = events[0].time + int64(i)
			events[i].put += uint64(len(events[i].message))
		}
		again := p.pack(events).events(len(events))
		for i, e := range events {
			if again[i] != e {
				t.Fatalf("event %d is %+v, then %+v", i, e, again[i])
			}
		}
	})
}
