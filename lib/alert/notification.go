package alert

import "time"

// NotificationVersion is the version of Notification's JSON. It changes only if a program that reads it must change.
const NotificationVersion = 1

// Event says why a Notification was published.
type Event string

// The events.
const (
	Firing   Event = "firing"   // an alert began
	Resolved Event = "resolved" // it is over
	Digest   Event = "digest"   // too many alerts for a message each: Alerts has them
	Test     Event = "test"     // somebody asked for it, to see whether it arrives
)

// Notification is what the alerts topic's subscribers that are programs receive, as JSON.
type Notification struct {
	Version int       `json:"version"`
	Event   Event     `json:"event"`
	ID      string    `json:"id"` // the same if a notification was published twice
	Time    time.Time `json:"time"`
	Stack   string    `json:"stack"`
	Subject string    `json:"subject"` // as in an email; at most 99 printable ASCII characters

	App         string `json:"app,omitempty"`
	Rule        string `json:"rule,omitempty"`
	Title       string `json:"title,omitempty"`
	Kind        Kind   `json:"kind,omitempty"`
	Level       Level  `json:"level,omitempty"` // of a digest: the highest of its alerts
	Description string `json:"description,omitempty"`
	Advice      string `json:"advice,omitempty"`
	Late        bool   `json:"late,omitempty"` // the lines arrived 15 minutes or more after they were written, because of an outage

	Since     time.Time  `json:"since,omitzero"`       // of the first line of the alert
	Until     time.Time  `json:"until,omitzero"`       // of the last, if it is over; of Firing: it was over when it was noticed, and nothing else says so
	Lines     int        `json:"lines,omitempty"`      // that matched since then
	PerMinute []Count    `json:"per_minute,omitempty"` // lines by minute, ascending; At is the minute's start
	Samples   []Line     `json:"samples,omitempty"`
	Affected  []Affected `json:"affected,omitempty"` // the most affected first
	Release   *Release   `json:"release,omitempty"`  // the newest before the alert began

	LogsURL string `json:"logs_url,omitempty"` // opens CloudWatch Logs Insights on those minutes
	Command string `json:"command,omitempty"`  // shows the lines on the command line

	Alerts []Notification `json:"alerts,omitempty"` // of a digest
}

// Affected counts the lines of a request path or a dyno.
type Affected struct {
	Name  string `json:"name"`
	Lines int    `json:"lines"`
}
