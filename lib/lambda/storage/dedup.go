package storage

import (
	"maps"
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"heroku-drains/lib/envelope"
)

// remembered is how many stored messages a warm function remembers. Logplex resends a batch within seconds, and SQS redelivers a message
// after its visibility timeout. This many take a few megabytes and cover minutes even under heavy load.
const remembered = 10_000

// memory is what a warm function remembers of the messages it has stored.
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

// get returns what is stored of a message, or the zero record if nothing is known.
func (m *memory) get(key string) record {
	rec, _ := m.records.Get(key)
	return rec
}

func (m *memory) add(key string, rec record) { m.records.Add(key, rec) }

// record is what is stored of one message.
type record struct {
	whole bool                // everything except overflow reports
	ids   map[uint64]struct{} // overflow reports, and the events of successful puts if the message took several and one failed
}

func (r record) has(id uint64) bool {
	_, stored := r.ids[id]
	return stored || r.whole && id&overflowBit == 0
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

// messageIdentity returns what all copies of a message share, in every process: unlike its messageKey.
func messageIdentity(env envelope.Envelope, messageID string) string {
	if env.FrameID == "" {
		return messageID
	}
	return strings.Join([]string{env.DrainToken, env.FrameID, strconv.Itoa(env.Part)}, "\n")
}

// messageKey returns a key that all copies of a message share. Logplex resends a batch under the same frame id, but it becomes a new
// message. In a Shield Private Space, log-shuttle sends a request ID instead (see ingest). Without either, the message id at least
// identifies SQS's copies. The sum of the lines prevents different lines from being mistaken for a copy: a sender may reuse a frame id, and
// an overflow report added in front can shift lines from one part to the next.
func messageKey(env envelope.Envelope, messageID string, sum uint64) string {
	if env.FrameID == "" {
		return env.App + "\n" + messageID
	}
	return strings.Join([]string{env.App, env.DrainToken, env.FrameID, strconv.Itoa(env.Part), strconv.FormatUint(sum, 36)}, "\n")
}
