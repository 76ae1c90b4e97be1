// Package state decides when an alert begins, when it is over, and when people are told. It is a state machine without clock and AWS: its
// callers give it the time, store its State, and do what it asks for.
//
// A State is that of a rule for an app. Lines are counted with Count, by their own times, in whichever order they arrive. Look then says what is
// to be told. Claim records that a caller is about to tell it, before it does, and Confirm that it did: a caller that dies in between leaves the
// claim behind, and another one takes it over when it has expired.
package state

import (
	"time"

	"heroku-drains/lib/alert"
)

// State is what is known of a rule for an app. The zero State knows nothing. All times are Unix times in seconds.
type State struct {
	Tracks   map[string]*Track `json:"tracks,omitempty"` // by Hit.Subject
	Seen     Seen              `json:"seen,omitempty"`   // the hits that were counted
	Evidence Evidence          `json:"evidence,omitzero"`
	Newest   int64             `json:"newest,omitempty"` // Silence: the app's last line

	Episode *Episode `json:"episode,omitempty"` // nil: there is no alert
	Ended   *Ended   `json:"ended,omitempty"`   // the last one
	Past    []Past   `json:"past,omitempty"`    // the times of alerts that are over
	Pending *Pending `json:"pending,omitempty"` // what is being told

	Told       int64 `json:"told,omitempty"`        // when the last notification was published
	Due        int64 `json:"due,omitempty"`         // when somebody must look at this state again; a Tick says so
	MutedUntil int64 `json:"muted_until,omitempty"` // nothing is told before
	LateQuiet  int64 `json:"late_quiet,omitempty"`  // late lines raise no alert before
}

// Ended is an alert that is over.
type Ended struct {
	Since int64 `json:"since"`
	Until int64 `json:"until"` // the newest line
	Lines int   `json:"lines"`
}

// Pending is a notification that is being told.
type Pending struct {
	ID    string      `json:"id"`
	Event alert.Event `json:"event"`
	Over  bool        `json:"over,omitempty"`  // Firing: the alert is over already, and the notification says so
	Owner string      `json:"owner,omitempty"` // who tells it
	Until int64       `json:"until"`           // nobody else tells it before
}

// Keep returns until when the state matters: 14 days after the last change, which is now, or after what it waits for.
func (s *State) Keep(now time.Time) time.Time {
	const keep = 14 * 24 * time.Hour
	return time.Unix(max(now.Unix(), s.Due, s.MutedUntil), 0).Add(keep)
}
