package storage

import (
	"maps"
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"heroku-drains/lib/envelope"
)

// remembered is how many messages a warm function knows to be stored. Logplex sends a batch again within seconds and SQS after its
// visibility time-out; this many take a few megabytes, and last for minutes even under heavy load.
const remembered = 10_000

// memory is what a warm function knows to be stored.
type memory struct {
	records *lru.Cache[string, record]
}

func newMemory() *memory {
	records, err := lru.New[string, record](remembered)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &memory{records: records}
}

// get is what is stored of a message; the zero record when nothing is known.
func (m *memory) get(key string) record {
	rec, _ := m.records.Get(key)
	return rec
}

func (m *memory) add(key string, rec record) { m.records.Add(key, rec) }

// record is what is known to be stored of one message.
type record struct {
	whole bool                // all but overflow reports
	ids   map[uint64]struct{} // overflow reports; and, of a message that took several puts of which one failed, the events of the others
}

func (r record) has(id uint64) bool {
	_, stored := r.ids[id]
	return stored || r.whole && id&overflowBit == 0
}

// with is the record when these events are stored, too, and with them perhaps the whole message.
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

// messageKey is the same for all copies of a message. Logplex's frame id stays when it sends a batch again, in a message of its own;
// without one (Private Spaces send none) the message's id at least tells SQS's copies. The sum of the lines keeps other lines from being
// taken for a copy: a sender may use a frame id twice, and an overflow report in front can move lines from one part to the next.
func messageKey(env envelope.Envelope, messageID string, sum uint64) string {
	if env.FrameID == "" {
		return env.App + "\n" + messageID
	}
	return strings.Join([]string{env.App, env.DrainToken, env.FrameID, strconv.Itoa(env.Part), strconv.FormatUint(sum, 36)}, "\n")
}
