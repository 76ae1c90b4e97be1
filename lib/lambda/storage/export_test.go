package storage

import (
	"maps"
	"slices"

	"heroku-drains/lib/lambda/claims"
)

// KeepRecord returns a record of these ids as it comes back from the table of claims.
func KeepRecord(whole bool, ids []uint64) (claims.Stored, bool, []uint64) {
	r := record{whole: whole, ids: map[uint64]struct{}{}}
	for _, id := range ids {
		r.ids[id] = struct{}{}
	}
	s := r.stored()
	back := recordOf(s)
	return s, back.whole, slices.Sorted(maps.Keys(back.ids))
}

// ReadRecord returns how many ids a record of the table has.
func ReadRecord(s claims.Stored) int { return len(recordOf(s).ids) }

// Remembered is how many messages a warm function remembers at least.
const Remembered = remembered

// Sums returns the sum of a body, as the one who stores its lines and the one who claims it compute it.
func Sums(body []byte) (stored, claimed []byte) {
	var r reader
	r.read(body)
	s, _ := summarize(body)
	return r.sum[:], s[:]
}
