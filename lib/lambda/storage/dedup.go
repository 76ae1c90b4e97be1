package storage

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logformat"
)

// remembered is how many stored messages a warm function remembers. Logplex resends a batch within seconds, and SQS redelivers a message
// after its visibility timeout. This many take a few megabytes and cover minutes even under heavy load.
const remembered = 10_000

// memory is what a warm function remembers of the messages it has stored.
type memory struct {
	records *lru.Cache[identity, record]
}

func newMemory() *memory {
	records, err := lru.New[identity, record](remembered)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &memory{records: records}
}

// get returns what is stored of a message, or the zero record if nothing is known.
func (m *memory) get(key identity) record {
	rec, _ := m.records.Get(key)
	return rec
}

func (m *memory) add(key identity, rec record) { m.records.Add(key, rec) }

// messageIdentity returns what all copies of a message share, in every process: unlike its messageKey.
func messageIdentity(env envelope.Envelope, messageID string) string {
	if env.FrameID == "" {
		return messageID
	}
	return strings.Join([]string{env.DrainToken, env.FrameID, strconv.Itoa(env.Part)}, "\n")
}

// identity is a hash that all copies of a message share, in every process.
//
// Logplex resends a batch under the same frame id, but it becomes a new message. In a Shield Private Space, log-shuttle sends a request ID
// instead (see ingest). Without either, the message id at least identifies SQS's copies. The sum of the lines prevents different lines from
// being mistaken for a copy: a sender may reuse a frame id, and an overflow report added in front can shift lines from one part to the next.
type identity [sha256.Size]byte

// identify returns the identity of a message with this sum: see reader.
func identify(env envelope.Envelope, messageID string, sum [sha256.Size]byte) identity {
	text := env.App + "\n" + messageIdentity(env, messageID) + "\n" + string(sum[:])
	return sha256.Sum256([]byte(text))
}

// lineID returns the ID of an event of the message: the same for each copy of the message.
func (i identity) lineID(id uint64) logformat.ID {
	return max(logformat.ID(mix(binary.BigEndian.Uint64(i[:8])^mix(id))), 1)
}

// mix changes about half of the bits for each bit that differs, and maps no two numbers to the same one: the finalizer of SplitMix64.
// https://doi.org/10.1145/2660193.2660195
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
