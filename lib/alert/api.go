package alert

import "time"

// State is the state of an Alert.
type State string

// The states.
const (
	StateFiring   State = "firing"
	StateResolved State = "resolved" // it was firing in the last 14 days
	StateQuiet    State = "quiet"    // it was not, but is muted
)

// AnyRule is the rule of a mute that covers all rules of an app.
const AnyRule = "*"

// Alert is the state of a rule for an app, as GET /alerts returns it.
type Alert struct {
	App        string    `json:"app"`
	Rule       string    `json:"rule"`
	Title      string    `json:"title,omitempty"`
	Level      Level     `json:"level,omitempty"`
	State      State     `json:"state"`
	Since      time.Time `json:"since,omitzero"`     // when it began to fire
	Until      time.Time `json:"until,omitzero"`     // when it ended
	LastLine   time.Time `json:"last_line,omitzero"` // the time of the last line that matched
	Lines      int       `json:"lines,omitempty"`    // that matched between Since and LastLine
	Told       time.Time `json:"told,omitzero"`      // when the last notification was published
	MutedUntil time.Time `json:"muted_until,omitzero"`
}

// Alerts is the response of GET /alerts: those that fire first, then the newest first.
type Alerts struct {
	Data []Alert `json:"data"`
}

// Rules is the response of GET /alerts/rules: the rules in force, by kind and name.
type Rules struct {
	Data []Rule `json:"data"`
}

// DroppedLines is the response of GET /alerts/{app}/dropped: what the drop rules left out in the last 14 days, the newest day first.
type DroppedLines struct {
	Data []DroppedDay `json:"data"`
}

// DroppedDay counts the lines of a day, in UTC, that a drop rule applied to.
type DroppedDay struct {
	Day   time.Time `json:"day"`
	Rule  string    `json:"rule"`
	Lines int       `json:"lines"` // not stored
	Kept  int       `json:"kept"`  // stored as the rule's sample
}

// Mute is the body of PUT /alerts/{app}/{rule}/mute. The response is the Alert, as in GET /alerts, in "data".
type Mute struct {
	Until time.Time `json:"until"`
}

// Unmuted is the "data" of the response to DELETE /alerts/{app}/{rule}/mute.
type Unmuted struct {
	Alert
	WasMuted *bool `json:"was_muted,omitempty"` // whether the request ended a mute; nil: an older version of the API does not say
}

// TestNotification is the body of POST /alerts/test, and Published its response's data.
type TestNotification struct {
	App string `json:"app,omitempty"` // in whose name it is published; empty: example
}

// Published says that a notification was published.
type Published struct {
	ID      string `json:"id"` // SNS's message ID
	Subject string `json:"subject"`
}
