package storage

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
	"sync"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logformat"
)

// remembered is how many stored messages a warm function remembers at least. Logplex resends a batch within seconds, and SQS redelivers a message
// after its visibility timeout. This many take a quarter of a megabyte, twice as many half of one, and cover minutes even under
// heavy load.
const remembered = 10_000

// memory is what a warm function remembers of the messages it has stored: two generations of them. When the younger one is full, it forgets the
// older one. It is safe for concurrent use.
type memory struct {
	mu         sync.Mutex
	young, old generation
}

// generation is what is known of up to remembered messages.
type generation struct {
	whole map[fingerprint]struct{} // messages of which nothing but that they are whole is known
	parts map[fingerprint]record   // all others, which are few
}

// fingerprint is the first half of an identity. Among 20,000 messages, two have the same with a probability of less than 1 in 10^30.
type fingerprint [sha256.Size / 2]byte

func newMemory() *memory { return &memory{young: newGeneration(), old: newGeneration()} }

func newGeneration() generation {
	return generation{whole: make(map[fingerprint]struct{}), parts: make(map[fingerprint]record)}
}

// get returns what is stored of a message, or the zero record if nothing is known.
func (m *memory) get(key identity) record {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, g := range []generation{m.young, m.old} {
		if rec, known := g.get(fingerprint(key[:])); known {
			return rec
		}
	}
	return record{}
}

func (g generation) get(key fingerprint) (rec record, known bool) {
	if _, whole := g.whole[key]; whole {
		return record{whole: true}, true
	}
	rec, known = g.parts[key]
	return rec, known
}

// add notes what is stored of a message.
func (m *memory) add(key identity, rec record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.young.add(fingerprint(key[:]), rec)
	if len(m.young.whole)+len(m.young.parts) < remembered {
		return
	}
	m.young, m.old = m.old, m.young
	clear(m.young.whole) // keeps its memory
	clear(m.young.parts)
}

func (g generation) add(key fingerprint, rec record) {
	delete(g.whole, key)
	delete(g.parts, key)
	if rec.whole && len(rec.ids) == 0 {
		g.whole[key] = struct{}{}
	} else {
		g.parts[key] = rec
	}
}

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
func identify(env envelope.Envelope, messageID string, sum sum) identity {
	text := env.App + "\n" + messageIdentity(env, messageID) + "\n" + string(sum[:])
	return sha256.Sum256([]byte(text))
}

// lineID returns the ID of an event of the message: the same for each copy of the message, except for the bits of its line's time.
func (i identity) lineID(id uint64) logformat.ID {
	return logformat.ID(mix(binary.BigEndian.Uint64(i[:8]) ^ mix(id)))
}

// mix changes about half of the bits for each bit that differs, and maps no two numbers to the same one: the finalizer of SplitMix64.
// https://doi.org/10.1145/2660193.2660195
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
