// Package storm keeps many alerts at a time from becoming as many messages. Up to 20 notifications of a level in five minutes, over all apps, are told
// one by one. Further ones are held, and told together in one digest when the five minutes are over.
//
// Like package state, it is a state machine without clock and AWS.
package storm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

const (
	// Most is the number of notifications that are told one by one in a Window.
	Most   = 20
	Window = 5 * time.Minute

	// maxHeld is the number of notifications that a digest names: with them, a message has room for all protocols. It counts further ones.
	maxHeld = 60

	// maxSeen is the number of IDs that are remembered of each kind, for remember: longer than it takes until a claim that somebody left behind
	// is taken over, even if only the hourly check finds it.
	maxSeen  = 300
	remember = 3 * 3600 // seconds
)

// State is what is known of the notifications of a level, of all apps. The zero State knows nothing. All times are Unix times in seconds.
type State struct {
	Start  int64      `json:"start,omitempty"`  // of the Window
	Told   int        `json:"told,omitempty"`   // one by one since Start
	Passed state.Seen `json:"passed,omitempty"` // IDs of those that were told one by one
	Kept   state.Seen `json:"kept,omitempty"`   // IDs of those that were held, also of those that a digest has told since

	From    int64    `json:"from,omitempty"` // the beginning of what Held is about
	Held    []Held   `json:"held,omitempty"`
	More    int      `json:"more,omitempty"` // further ones that a digest does not name
	Due     int64    `json:"due,omitempty"`  // when somebody must look at this state again
	Pending *Pending `json:"pending,omitempty"`
}

// Held is a notification that is held.
type Held struct {
	App   string      `json:"app"`
	Rule  string      `json:"rule"`
	Event alert.Event `json:"event"`
	ID    string      `json:"id"`
	At    int64       `json:"at"`
	Since int64       `json:"since"`
	Last  int64       `json:"last"`
	Lines int         `json:"lines,omitempty"`
	Late  bool        `json:"late,omitempty"`
	Over  bool        `json:"over,omitempty"`
	Title string      `json:"title,omitempty"`
	Level alert.Level `json:"level,omitempty"`
}

// Pending is a digest that is being told.
type Pending struct {
	ID    string `json:"id"`
	From  int64  `json:"from"` // the beginning of what it is about
	Held  int    `json:"held"` // the first ones of State.Held
	More  int    `json:"more,omitempty"`
	Owner string `json:"owner,omitempty"`
	Until int64  `json:"until"` // nobody else tells it before
}

// Admit reports whether a notification may be told by itself. If not, a digest tells it. For the same ID, the answer remains the same.
func (s *State) Admit(n Held, now time.Time) bool {
	at := now.Unix()
	s.Passed.Forget(at - remember)
	s.Kept.Forget(at - remember)
	switch {
	case s.Kept.Has(n.ID):
		return false
	case s.Passed.Has(n.ID):
		return true
	}
	if at >= s.Start+int64(Window/time.Second) {
		s.Start, s.Told = at, 0
	}
	if s.Told < Most {
		s.Told++
		s.Passed.Add(n.ID, at)
		s.Passed.Limit(maxSeen)
		return true
	}
	s.hold(n, at)
	return false
}

// hold adds a notification to the next digest.
func (s *State) hold(n Held, now int64) {
	waiting := len(s.Held)
	if s.Pending != nil {
		waiting -= s.Pending.Held
	}
	if waiting == 0 {
		s.From = s.Start
	}
	if s.Pending == nil && s.Due == 0 {
		s.Due = max(s.Start+int64(Window/time.Second), now+1)
	}
	s.Kept.Add(n.ID, now)
	s.Kept.Limit(maxSeen)
	if waiting >= maxHeld {
		s.More++
		return
	}
	s.Held = append(s.Held, n)
}

// Claim returns the digest that is to be told now, and records that owner tells it, or returns nil. What somebody else claimed is claimed again
// once their lease is over.
func (s *State) Claim(owner string, now time.Time, lease time.Duration) *Pending {
	at := now.Unix()
	switch {
	case s.Pending != nil && at < s.Pending.Until:
		return nil
	case s.Pending == nil && (len(s.Held) == 0 || at < s.Due):
		return nil
	}
	until := at + int64(lease/time.Second)
	if s.Pending == nil {
		sum := sha256.Sum256(fmt.Appendf(nil, "digest %d %s", s.From, s.Held[0].ID))
		s.Pending = &Pending{ID: hex.EncodeToString(sum[:10]) + "-digest", From: s.From, Held: len(s.Held), More: s.More}
		s.Due = until // a claim that is left behind is found then
	}
	s.Pending.Owner, s.Pending.Until = owner, until
	claimed := *s.Pending
	return &claimed
}

// Confirm records that a digest was told. It returns false if that is known already.
func (s *State) Confirm(id string, now time.Time) bool {
	if s.Pending == nil || s.Pending.ID != id {
		return false
	}
	s.Held, s.More = slices.Clone(s.Held[s.Pending.Held:]), s.More-s.Pending.More
	s.Pending, s.Due = nil, 0
	if len(s.Held) > 0 {
		s.Due = max(s.Start+int64(Window/time.Second), now.Unix()+1)
	}
	return true
}

// Release gives up a claim of owner, because the digest was not told. Somebody else can claim it after a pause.
func (s *State) Release(id, owner string, now time.Time, pause time.Duration) bool {
	if s.Pending == nil || s.Pending.ID != id || s.Pending.Owner != owner {
		return false
	}
	s.Pending.Owner, s.Pending.Until = "", now.Add(pause).Unix()
	return true
}

// Encode returns the state as JSON.
func (s *State) Encode() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("encode the state of all notifications: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Decode reads what Encode returned.
func Decode(text []byte) (*State, error) {
	var s State
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("read the state of all notifications: %w", err)
	}
	return &s, nil
}
