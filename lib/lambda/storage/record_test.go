package storage_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/claims"
	"heroku-drains/lib/lambda/storage"
)

// What the table of claims keeps of a message is what was stored of it: lines by their numbers, pieces of lines and overflow reports by hashes.
func TestRecordsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 11))
		ids := map[uint64]bool{}
		for range r.IntN(300) {
			id := uint64(r.IntN(200)) << 44 // a line
			switch r.IntN(10) {
			case 0:
				id |= r.Uint64()>>20 | 1 // a piece of it
			case 1:
				id = r.Uint64() | 1<<63 // a report
			}
			ids[id] = true
		}
		var want []uint64
		for id := range ids {
			want = append(want, id)
		}
		slices.Sort(want)
		_, whole, got := storage.KeepRecord(seed%2 == 0, want)
		if diff := cmp.Diff(want, got); diff != "" || whole != (seed%2 == 0) {
			t.Fatalf("seed %d: whole %t (-want +got):\n%s", seed, whole, diff)
		}
	}
}

// Most of the lines of a message follow each other, and take a few bytes together. However many there are, DynamoDB takes the item.
func TestSizeOfARecord(t *testing.T) {
	t.Parallel()
	var lines, reports []uint64
	for n := range uint64(100_000) {
		lines = append(lines, n<<44)
		reports = append(reports, n*0x9e3779b97f4a7c15|1<<63)
	}
	if s, _, got := storage.KeepRecord(false, lines); len(s.Parts) > 10 || len(got) != len(lines) {
		t.Errorf("%d lines take %d bytes", len(got), len(s.Parts))
	}
	if s, _, _ := storage.KeepRecord(true, reports); len(s.Parts) > 350_000 {
		t.Errorf("the item has %d bytes", len(s.Parts))
	}
}

// FuzzRecord reads any item of the table, without taking much memory.
func FuzzRecord(f *testing.F) {
	s, _, _ := storage.KeepRecord(false, []uint64{0, 1 << 44, 2 << 44, 5<<44 | 7, 1<<63 | 3})
	f.Add(s.Parts)
	f.Add([]byte("\x00\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, parts []byte) {
		if n := storage.ReadRecord(claims.Stored{Parts: parts}); n > 1<<20 {
			t.Errorf("%d ids in %d bytes", n, len(parts))
		}
	})
}
