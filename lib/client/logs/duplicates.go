package logs

import (
	"encoding/binary"
	"hash/maphash"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/logformat"
)

// Duplicates recognizes lines that are stored more than once: delivery is at least once. Lines in the JSON format have an ID that is the same
// in each copy.
//
// Lines in the text format have none. Those of one stream with the same time and text are copies if they were stored at different times:
// then as many are lines as were stored at once, so that a line that an app printed twice is shown twice. It fails in one case: an app prints
// the same text twice within a millisecond, and Heroku sends the two in different POSTs.
//
// It remembers the last 50,000 to 100,000 different lines. It is not safe for concurrent use. The zero value is ready to use.
type Duplicates struct {
	hidden   int
	seed     maphash.Seed
	new, old map[lineKey]copies
}

// maxRemembered is how many lines each half of the memory holds.
const maxRemembered = 50_000

// lineKey is what the copies of a line share.
type lineKey struct {
	at   int64 // milliseconds; 0 for a line with an ID, because the time of a copy may have been moved
	hash uint64
}

// copies are the events of a line.
type copies struct {
	shown    int32
	identity bool            // the line has an ID, and is one
	ingested int64           // when the first one was stored, in milliseconds
	count    int32           // how many were stored then
	others   map[int64]int32 // how many were stored at other times
}

// Hidden returns how many events were found to be copies.
func (d *Duplicates) Hidden() int { return d.hidden }

// isCopy reports whether an event is a copy of a line that was found before. Each event must be given once.
func (d *Duplicates) isCopy(e Event) bool {
	if d.new == nil {
		d.seed, d.new = maphash.MakeSeed(), map[lineKey]copies{}
	}
	key, identified := d.key(e)
	c, known := d.new[key]
	if !known {
		if c, known = d.old[key]; !known {
			c = copies{identity: identified, ingested: aws.ToInt64(e.IngestionTime)}
		}
		if len(d.new) == maxRemembered {
			d.old, d.new = d.new, d.old
			if clear(d.new); d.new == nil {
				d.new = make(map[lineKey]copies, maxRemembered)
			}
		}
	}
	isCopy := c.add(aws.ToInt64(e.IngestionTime))
	d.new[key] = c
	if isCopy {
		d.hidden++
	}
	return isCopy
}

func (d *Duplicates) key(e Event) (key lineKey, identified bool) {
	var h maphash.Hash
	h.SetSeed(d.seed)
	_, _ = h.WriteString(aws.ToString(e.LogStreamName)) // never fails
	_ = h.WriteByte(0)
	text := aws.ToString(e.Message)
	if id, ok := logformat.ReadID(text); ok {
		_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(id)))
		return lineKey{hash: h.Sum64()}, true
	}
	_, _ = h.WriteString(text)
	return lineKey{at: timeOf(e), hash: h.Sum64()}, false
}

// add counts an event, and reports whether it is a copy of one that is shown.
func (c *copies) add(ingested int64) bool {
	stored := int32(1)
	switch {
	case c.identity:
	case ingested == c.ingested:
		c.count++
		stored = c.count
	default:
		if c.others == nil {
			c.others = map[int64]int32{}
		}
		c.others[ingested]++
		stored = c.others[ingested]
	}
	if stored <= c.shown {
		return true
	}
	c.shown = stored
	return false
}
