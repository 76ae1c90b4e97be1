package alert

import "time"

// Message is a message of the alerts queue. Exactly one of its fields is set.
type Message struct {
	Report *Report `json:"report,omitempty"`
	Tick   *Tick   `json:"tick,omitempty"`
}

// Tick is a delayed message that the alerts function sends to itself: at Due it must look at the state of the app and rule again.
type Tick struct {
	App  string    `json:"app"`
	Rule string    `json:"rule"`
	Due  time.Time `json:"due"`
}
