// Package drain is the vocabulary of drains: what a drain is, its states, settings, names and tags, and the JSON of the API that manages
// drains. It makes no calls: lib/lambda/provision creates drains on AWS, and lib/client/apiclient calls the API.
//
// A drain is one app's log stream, its queue, and the event source mapping from the queue to the storage function. These resources are the
// only record of a drain.
package drain

import "time"

// State says whether a drain stores logs, or why not.
type State string

// The states of a drain.
const (
	Active   State = "active"
	Creating State = "creating" // the mapping is not enabled yet: messages wait in the queue
	Updating State = "updating"
	Disabled State = "disabled" // someone disabled the mapping: messages wait in the queue until a PUT enables it again
	Deleting State = "deleting" // the mapping is being deleted
	Partial  State = "partial"  // a part is missing: PUT creates it, DELETE removes the others
	None     State = "none"     // no part exists: only clients use this state, for a drain at Heroku that points to nothing
)

// Drain is one app's drain as the API returns it. Parts that do not exist are omitted.
type Drain struct {
	App         string       `json:"app"`
	State       State        `json:"state"`
	Settings    Settings     `json:"settings,omitzero"`
	LogGroup    string       `json:"log_group"`
	LogStream   string       `json:"log_stream,omitempty"`
	Queue       *Queue       `json:"queue,omitempty"`
	EventSource *EventSource `json:"event_source,omitempty"`
	LastEventAt *time.Time   `json:"last_event_at,omitempty"` // time of the newest stored line; CloudWatch may lag by an hour
	DrainURL    string       `json:"drain_url,omitempty"`     // returned by PUT only: it holds the password
}

// Part names a part of a drain.
type Part string

// The parts of a drain.
const (
	LogStreamPart   Part = "log stream"
	QueuePart       Part = "queue"
	EventSourcePart Part = "event source mapping"
)

// Missing returns the parts that do not exist.
func (d Drain) Missing() []Part {
	var missing []Part
	if d.LogStream == "" {
		missing = append(missing, LogStreamPart)
	}
	if d.Queue == nil {
		missing = append(missing, QueuePart)
	}
	if d.EventSource == nil {
		missing = append(missing, EventSourcePart)
	}
	return missing
}

// Archived reports whether only the log stream is left, because the drain was deleted and its lines were kept.
func (d Drain) Archived() bool { return d.LogStream != "" && d.Queue == nil && d.EventSource == nil }

// Queue is the part of a drain that keeps POSTs until they are stored.
type Queue struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	ARN     string `json:"arn"`
	*Counts        // nil: not counted
}

// Counts are the numbers of a queue's messages, as SQS approximates them.
type Counts struct {
	Messages int `json:"messages"`  // waiting
	InFlight int `json:"in_flight"` // received by the storage function and not deleted yet
	Delayed  int `json:"delayed"`
}

// Waiting returns the number of messages in the queue that are not stored yet, or 0 if the drain has no queue or its messages were not counted.
func (q *Queue) Waiting() int {
	counts := q.counted()
	return counts.Messages + counts.Delayed + counts.InFlight
}

// Received returns how many of the waiting messages the storage function has received.
func (q *Queue) Received() int { return q.counted().InFlight }

func (q *Queue) counted() Counts {
	if q == nil || q.Counts == nil {
		return Counts{}
	}
	return *q.Counts
}

// EventSource is the mapping that passes the queue's messages to the storage function.
type EventSource struct {
	UUID  string `json:"uuid"`
	State string `json:"state"` // Lambda's term: Creating, Enabling, Enabled, Disabling, Disabled, Updating or Deleting
}
