package storage

import (
	"encoding/binary"
	"maps"
	"slices"

	"heroku-drains/lib/lambda/claims"
)

// record is what is stored of one message.
type record struct {
	whole bool                // everything except overflow reports
	ids   map[uint64]struct{} // overflow reports, and the events of successful puts if the message took several and one failed
}

func (r record) has(id uint64) bool {
	_, stored := r.ids[id]
	return stored || r.whole && id&overflowBit == 0
}

// covers reports whether a message with these overflow reports is stored.
func (r record) covers(reports []uint64) bool {
	return r.whole && !slices.ContainsFunc(reports, func(id uint64) bool { return !r.has(id) })
}

// with returns the record after more events were stored, and with them perhaps the whole message.
func (r record) with(events []event, whole bool) record {
	out := record{whole: whole || r.whole, ids: maps.Clone(r.ids)}
	if out.whole {
		maps.DeleteFunc(out.ids, func(id uint64, _ struct{}) bool { return id&overflowBit == 0 })
	}
	for _, e := range events {
		if out.whole && e.id&overflowBit == 0 {
			continue
		}
		if out.ids == nil {
			out.ids = make(map[uint64]struct{})
		}
		out.ids[e.id] = struct{}{}
	}
	return out
}

// and returns what either record says is stored.
func (r record) and(other record) record {
	out := record{whole: r.whole || other.whole, ids: maps.Clone(r.ids)}
	if out.ids == nil {
		out.ids = make(map[uint64]struct{})
	}
	maps.Copy(out.ids, other.ids)
	return out.with(nil, false)
}

// maxParts limits the ids of a record in the table, in bytes: an item of DynamoDB has at most 400 KB. What is left out is stored again if the
// message comes again.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const maxParts = 300_000

// maxIDs limits the ids that are read from the table: a message has fewer lines.
const maxIDs = 1 << 20

// stored returns the record as the table of claims keeps it: the ids in their order, as pairs of a first id and a number of ids. The lines of a
// message have numbers, so most of the ids follow each other. See recordOf.
func (r record) stored() claims.Stored {
	s := claims.Stored{Whole: r.whole}
	ids := slices.Sorted(maps.Keys(r.ids))
	for i := 0; i < len(ids) && len(s.Parts) < maxParts; {
		n := 1
		for i+n < len(ids) && ids[i+n] == ids[i]+uint64(n)<<pieceBits {
			n++
		}
		s.Parts = binary.AppendUvarint(binary.AppendUvarint(s.Parts, ids[i]), uint64(n))
		i += n
	}
	return s
}

// recordOf returns the record that the table of claims keeps.
func recordOf(s claims.Stored) record {
	r := record{whole: s.Whole}
	for rest := s.Parts; len(rest) > 0; {
		id, n := binary.Uvarint(rest)
		count, m := binary.Uvarint(rest[max(n, 0):])
		if n <= 0 || m <= 0 || count > maxIDs-uint64(len(r.ids)) {
			break
		}
		if r.ids == nil {
			r.ids = make(map[uint64]struct{})
		}
		for i := range count {
			r.ids[id+i<<pieceBits] = struct{}{}
		}
		rest = rest[n+m:]
	}
	return r
}
