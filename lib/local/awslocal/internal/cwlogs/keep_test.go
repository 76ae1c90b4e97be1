package cwlogs

import (
	"bytes"
	"testing"
)

// FuzzEvents decodes arbitrary records. What is decoded must be the same after it was encoded.
func FuzzEvents(f *testing.F) {
	p := position{time: 1_800_000_000_000, ingested: 1_800_000_000_001, put: 7}
	f.Add(encodeEvents([]event{{position: p, message: "a"}, {position: p, message: "é\x00"}}))
	f.Add([]byte{1, 2})
	f.Add([]byte{1, 2, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, record []byte) {
		events, err := decodeEvents(record)
		if err != nil {
			return
		}
		again := encodeEvents(events)
		same, err := decodeEvents(again)
		if err != nil || len(same) != len(events) || !bytes.Equal(encodeEvents(same), again) {
			t.Fatalf("%d events, then %d: %v", len(events), len(same), err)
		}
		for i, e := range events {
			if e.index != uint16(i) || same[i] != e {
				t.Fatalf("event %d is %v, then %v", i, e, same[i])
			}
		}
	})
}
