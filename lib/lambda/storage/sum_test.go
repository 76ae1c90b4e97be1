package storage_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"

	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// FuzzSum computes the sum of any body. It is that of the body's frames one after the other, without blank ones and reports of lost lines, whoever
// computes it.
func FuzzSum(f *testing.F) {
	f.Add(dyno(noon, "a") + overflow(noon, 3) + " \n" + dyno(noon, "b"))
	f.Add(overflow(noon, 3) + dyno(noon, "Error L10 (output buffer overflow)") + "garbage" + logplextest.Frame("no line") + overflow(noon, 4))
	f.Add(" ")
	f.Fuzz(func(t *testing.T, body string) {
		var counted []byte
		for frame := range logplex.Frames([]byte(body)) {
			line, _ := logplex.ParseLine(frame.Message)
			if !frame.Blank() && (frame.Malformed || !line.IsOverflow()) {
				counted = append(counted, frame.Raw...)
			}
		}
		want := binary.BigEndian.AppendUint64(nil, uint64(len(counted)))
		want = binary.BigEndian.AppendUint32(want, crc32.ChecksumIEEE(counted))
		want = binary.BigEndian.AppendUint32(want, crc32.Checksum(counted, crc32.MakeTable(crc32.Castagnoli)))
		if stored, claimed := storage.Sums([]byte(body)); !bytes.Equal(stored, want) || !bytes.Equal(claimed, want) {
			t.Errorf("%q: %x while it is stored, %x while it is claimed, want %x", body, stored, claimed, want)
		}
	})
}
