package dynamodb

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// store holds the items of a table, in the order in which Scan returns them: partition keys in no order that a client could rely on, and within a
// partition by sort key. It remembers what items were for as long as eventually consistent reads return it.
type store struct {
	lag     time.Duration
	records []*record
}

// record is what a table has under a key, and had.
type record struct {
	key      key
	versions []version // oldest first
}

// version is an item from a time on, nil if there was none.
type version struct {
	from time.Time
	item attr.Item
}

// key is a primary key.
type key struct {
	place string // where the partition is, among the others; it is unique
	sort  attr.Value
}

// newKey returns the key with the values of the partition key and of the sort key, which is zero if the table has none.
func newKey(partition, sort attr.Value) key {
	sum := sha256.Sum256([]byte(partition.String()))
	return key{place: string(sum[:]), sort: sort}
}

func compareKeys(a, b key) int {
	if order := strings.Compare(a.place, b.place); order != 0 || a.sort.Type == "" {
		return order
	}
	return attr.Compare(a.sort, b.sort)
}

// at returns the item at a time.
func (r *record) at(t time.Time) attr.Item {
	for _, v := range slices.Backward(r.versions) {
		if !v.from.After(t) {
			return v.item
		}
	}
	return nil
}

// find returns where a key is, or would be.
func (s *store) find(k key) (index int, found bool) {
	return slices.BinarySearchFunc(s.records, k, func(r *record, k key) int { return compareKeys(r.key, k) })
}

// get returns the item with a key at a time.
func (s *store) get(k key, at time.Time) attr.Item {
	i, found := s.find(k)
	if !found {
		return nil
	}
	return s.records[i].at(at)
}

// set replaces the item with a key. A nil item deletes it.
func (s *store) set(k key, item attr.Item, now time.Time) {
	i, found := s.find(k)
	if !found {
		if item == nil {
			return
		}
		s.records = slices.Insert(s.records, i, &record{key: k})
	}
	r := s.records[i]
	r.versions = append(r.versions, version{from: now, item: item})
	for len(r.versions) > 1 && !r.versions[1].from.After(now.Add(-s.lag)) {
		r.versions = r.versions[1:]
	}
	if len(r.versions) == 1 && item == nil {
		s.records = slices.Delete(s.records, i, i+1)
	}
}
