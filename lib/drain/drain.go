// Package drain keeps the drains of Heroku apps on AWS: a log stream, a queue, and an event source mapping from the queue to the
// storage function. These resources are the only record of a drain; nothing else has to agree with them.
package drain

import "time"

// State says how far a drain is from storing logs.
type State string

// The states of a drain.
const (
	Active   State = "active"
	Creating State = "creating" // the mapping is not enabled yet: messages wait in the queue
	Updating State = "updating"
	Disabled State = "disabled" // somebody disabled the mapping: messages wait in the queue until Put enables it again
	Deleting State = "deleting" // the mapping is on its way out
	Partial  State = "partial"  // a part is missing; Put makes it, Delete removes the rest
)

// Drain is one app's drain as the API answers it. A part that does not exist is left out.
type Drain struct {
	App         string       `json:"app"`
	State       State        `json:"state"`
	Settings    Settings     `json:"settings"` // every field is given
	LogGroup    string       `json:"log_group"`
	LogStream   string       `json:"log_stream,omitempty"`
	Queue       *Queue       `json:"queue,omitempty"`
	EventSource *EventSource `json:"event_source,omitempty"`
	LastEventAt *time.Time   `json:"last_event_at,omitempty"` // of the newest stored line; CloudWatch may be an hour late to tell
	DrainURL    string       `json:"drain_url,omitempty"`     // only in the answer to PUT: it holds the password
}

// Queue is the part of a drain that keeps POSTs until they are stored. Its counts are SQS's approximations.
type Queue struct {
	Name     string `json:"name"`
	URL      string `json:"url"`
	ARN      string `json:"arn"`
	Messages int    `json:"messages"`  // waiting
	InFlight int    `json:"in_flight"` // handed to the storage function, not finished yet
	Delayed  int    `json:"delayed"`
}

// EventSource is the mapping that hands the queue's messages to the storage function.
type EventSource struct {
	UUID       string `json:"uuid"`
	State      string `json:"state"` // Lambda's word: Creating, Enabling, Enabled, Disabling, Disabled, Updating or Deleting
	LastResult string `json:"last_result"`
}
