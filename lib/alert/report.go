package alert

import "time"

// MaxSamples is the number of lines that a notification shows.
const MaxSamples = 5

// Report is what the lines of one batch of an app matched. The storage function sends it, the alerts function counts it.
type Report struct {
	App     string    `json:"app"`
	Hits    []Hit     `json:"hits,omitempty"`
	Dropped []Dropped `json:"dropped,omitempty"`
	Release *Release  `json:"release,omitempty"` // the newest in the batch

	// LastLine is the time of the newest line. It is set for apps with a rule about silence alone, and not in every report.
	LastLine time.Time `json:"last_line,omitzero"`
}

// Hit counts the lines of one message that matched a rule.
type Hit struct {
	Rule string `json:"rule"`

	// ID is the same for every copy of the same lines: a message that Logplex or SQS delivers again, or a report that does. Hits with an ID
	// that was counted before are not counted again.
	ID string `json:"id"`

	Counts  []Count `json:"counts"`            // by the times of the lines, ascending
	Subject string  `json:"subject,omitempty"` // Samples: the dyno or data store that the figures are of; a hit has those of one

	Lines    []Line         `json:"lines,omitempty"`    // up to MaxSamples, the first ones
	Affected map[string]int `json:"affected,omitempty"` // lines by request path, for router lines, by add-on or dyno, for figures, or else by process; up to MaxAffected
}

// MaxAffected is the number of different paths, dynos or add-ons that a Hit counts.
const MaxAffected = 20

// Count is a number of lines within a second.
type Count struct {
	At    int64 `json:"at"` // Unix time, in seconds
	Lines int   `json:"n"`
}

// Line is a line to show to people: without control characters, at most MaxLine bytes long, and with secrets masked.
type Line struct {
	Time    time.Time `json:"time"`
	Source  string    `json:"source"`
	Process string    `json:"process"`
	Text    string    `json:"text"`
}

// MaxLine is the length of a Line's text in bytes.
const MaxLine = 300

// Dropped counts lines of one message that a drop rule applied to.
type Dropped struct {
	Rule string    `json:"rule"`
	ID   string    `json:"id"`  // as in Hit
	Day  time.Time `json:"day"` // the start, in UTC, of the day of the lines
	// Lines is the number of lines that were not stored, Kept of those that were stored as the rule's sample.
	Lines int `json:"lines"`
	Kept  int `json:"kept,omitempty"`
}

// Release is a release of an app, as its log reports it: "Release v12 created by user@example.com".
type Release struct {
	Version string    `json:"version"` // v12
	Time    time.Time `json:"time"`
}
