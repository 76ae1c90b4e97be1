package state

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
)

const (
	// maxSeen is the number of IDs that are remembered. A message has one hit of a rule, and Logplex's messages have up to 1,024 lines.
	maxSeen = 1000

	// idBytes is the length of the hash that is kept of an ID. With 1,000 IDs, a new one is taken for one of them once in 280 billion times.
	idBytes = 6

	// seenStep is the number of seconds whose IDs share a time.
	seenStep = 300
)

// Seen remembers IDs that were counted, so that copies are not counted again.
type Seen []seenAt

// seenAt are IDs that arrived in the same step.
type seenAt struct {
	At  int64  `json:"t"`   // when the step began
	IDs []byte `json:"ids"` // the hashes, one after the other
}

// hash returns what is kept of an ID.
func hash(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:idBytes]
}

// Has reports whether an ID is remembered.
func (s Seen) Has(id string) bool {
	want := string(hash(id))
	for _, step := range s {
		for ids := step.IDs; len(ids) >= idBytes; ids = ids[idBytes:] {
			if string(ids[:idBytes]) == want {
				return true
			}
		}
	}
	return false
}

// Add remembers an ID that arrives now. It forgets the oldest if there are too many.
func (s *Seen) Add(id string, now int64) {
	at := floor(now, seenStep)
	i, found := slices.BinarySearchFunc(*s, at, func(step seenAt, at int64) int { return bySecond(Second{At: step.At}, at) })
	if !found {
		*s = slices.Insert(*s, i, seenAt{At: at})
	}
	(*s)[i].IDs = append(slices.Clip((*s)[i].IDs), hash(id)...)
	s.Limit(maxSeen)
}

// Len returns the number of IDs.
func (s Seen) Len() int {
	n := 0
	for _, step := range s {
		n += len(step.IDs) / idBytes
	}
	return n
}

// Forget forgets IDs that arrived before a time.
func (s *Seen) Forget(before int64) {
	*s = slices.DeleteFunc(slices.Clone(*s), func(step seenAt) bool { return step.At+seenStep <= before })
}

// Limit forgets the oldest IDs beyond a number.
func (s *Seen) Limit(n int) {
	excess := s.Len() - n
	for excess > 0 {
		first := &(*s)[0]
		if have := len(first.IDs) / idBytes; have <= excess {
			*s = (*s)[1:]
			excess -= have
			continue
		}
		first.IDs = first.IDs[excess*idBytes:]
		excess = 0
	}
}

// MarshalJSON writes the steps with base64 that is not padded.
func (s seenAt) MarshalJSON() ([]byte, error) {
	return json.Marshal(seenText{At: s.At, IDs: base64.RawStdEncoding.EncodeToString(s.IDs)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *seenAt) UnmarshalJSON(text []byte) error {
	var read seenText
	if err := json.Unmarshal(text, &read); err != nil {
		return fmt.Errorf("read IDs that were counted: %w", err)
	}
	ids, err := base64.RawStdEncoding.DecodeString(read.IDs)
	if err != nil || len(ids)%idBytes != 0 {
		return fmt.Errorf("read IDs that were counted: %d bytes: %w", len(ids), err)
	}
	*s = seenAt{At: read.At, IDs: ids}
	return nil
}

type seenText struct {
	At  int64  `json:"t"`
	IDs string `json:"ids"`
}
