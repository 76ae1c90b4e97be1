package logs

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/logformat"
)

// Duplicates recognizes lines that are stored more than once: delivery is at least once. Lines in the JSON format have an ID that is the same
// in each copy.
//
// Lines in the text format have none. But copies come in whole POSTs, as they were sent. So the lines of a stream that have the same millisecond
// and were stored in one call are copies if another call has stored all of them, or those of them that are all that another call has stored.
// One line that is equal is not enough: an app may print the same text twice within a millisecond, such as a closing bracket, and Heroku may send the
// two in different POSTs. It takes a line wrongly for a copy in one case: it is sent so, and one of the two POSTs has no line of that millisecond that
// the other lacks.
//
// It remembers the last 50,000 to 100,000 lines. It is not safe for concurrent use. The zero value is ready to use.
type Duplicates struct {
	hidden int
	seed   *maphash.Seed
	ids    memory[uint64, struct{}]
	puts   memory[moment, []put]
	texts  []text // of the events that are looked at
	copies []bool // which of them are copies
}

// moment is a millisecond of a stream, which has a hash.
type moment struct {
	stream uint64
	at     int64
}

// put is what a call stored of a moment.
type put struct {
	at    int64    // when it was stored, in milliseconds
	lines []uint64 // the hashes of the lines, sorted, without those that are copies
}

// Hidden returns how many events were found to be copies.
func (d *Duplicates) Hidden() int { return d.hidden }

// filter returns those of some events that are no copies, in their order and in the same memory. All must be of one time, and each event must be
// given once.
func (d *Duplicates) filter(events []Event) []Event {
	if d.seed == nil {
		d.seed = new(maphash.MakeSeed())
	}
	texts, copies := d.texts[:0], append(d.copies[:0], make([]bool, len(events))...)
	d.copies = copies
	for i, e := range events {
		stream, message := maphash.String(*d.seed, aws.ToString(e.LogStreamName)), aws.ToString(e.Message)
		if id, ok := logformat.ReadID(message); ok {
			copies[i] = !d.isNew(stream, id)
			continue
		}
		texts = append(texts, text{index: i, stream: stream, stored: aws.ToInt64(e.IngestionTime), hash: maphash.String(*d.seed, message)})
	}
	d.texts = texts
	slices.SortStableFunc(texts, compareTexts)
	for len(texts) > 0 {
		n := 1
		for n < len(texts) && texts[n].stream == texts[0].stream && texts[n].stored == texts[0].stored {
			n++
		}
		d.markCopies(texts[:n], timeOf(events[0]), copies)
		texts = texts[n:]
	}
	kept := events[:0]
	for i, e := range events {
		if copies[i] {
			d.hidden++
		} else {
			kept = append(kept, e)
		}
	}
	return kept
}

// isNew reports whether a line with an ID was not found before. Its time does not count, because that of a copy may have been moved.
func (d *Duplicates) isNew(stream uint64, id logformat.ID) bool {
	var key [16]byte
	binary.BigEndian.PutUint64(key[:8], stream)
	binary.BigEndian.PutUint64(key[8:], uint64(id))
	hash := maphash.Bytes(*d.seed, key[:])
	_, known := d.ids.get(hash)
	d.ids.set(hash, struct{}{}, 1)
	return !known
}

// text is an event in the text format.
type text struct {
	index  int // among the events
	stream uint64
	stored int64
	hash   uint64
}

// compareTexts sorts by call, the earliest first.
func compareTexts(a, b text) int {
	return cmp.Or(cmp.Compare(a.stream, b.stream), cmp.Compare(a.stored, b.stored), cmp.Compare(a.hash, b.hash))
}

// markCopies marks the copies among the lines of a moment that one call has stored.
func (d *Duplicates) markCopies(texts []text, at int64, copies []bool) {
	moment := moment{texts[0].stream, at}
	puts, _ := d.puts.get(moment)
	lines := make([]uint64, len(texts))
	for i, t := range texts {
		lines[i] = t.hash
	}
	left := withoutCopies(lines, puts, texts[0].stored)
	d.puts.set(moment, append(puts, put{texts[0].stored, left}), len(texts))
	for _, t := range slices.Backward(texts) { // of equal lines, the first ones are the copies
		if last := len(left) - 1; last >= 0 && left[last] == t.hash {
			left = left[:last]
		} else {
			copies[t.index] = true
		}
	}
}

// withoutCopies returns the lines that are not copies of what other calls have stored. Lines are sorted.
func withoutCopies(lines []uint64, puts []put, stored int64) []uint64 {
	var others []uint64
	for _, p := range puts {
		if p.at == stored {
			continue
		}
		if rest, ok := subtract(lines, p.lines); ok {
			lines = rest
		} else {
			others = append(others, p.lines...)
		}
	}
	slices.Sort(others)
	if _, ok := subtract(others, lines); ok {
		return nil
	}
	return lines
}

// subtract returns the elements of all without part, and whether all contains the whole part. Both are sorted, and may have equal elements.
func subtract(all, part []uint64) (rest []uint64, ok bool) {
	if len(part) > len(all) {
		return nil, false
	}
	rest = make([]uint64, 0, len(all)-len(part))
	for _, a := range all {
		if len(part) > 0 && part[0] == a {
			part = part[1:]
		} else {
			rest = append(rest, a)
		}
	}
	return rest, len(part) == 0
}
