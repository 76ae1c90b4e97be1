package alert

import "time"

// Kind says what a rule looks for. Its value is the name of the section of alerts.yaml that has the rules of the kind.
type Kind string

// The kinds of rules.
const (
	Codes   Kind = "codes"   // Heroku's error codes: https://devcenter.heroku.com/articles/error-codes
	Slow    Kind = "slow"    // requests that took too long, by the router's "service"
	Status  Kind = "status"  // responses with a status, by the router's "status"
	Samples Kind = "samples" // figures of dynos and data stores over or under a limit, in several samples in a row
	Errors  Kind = "errors"  // common errors of languages and frameworks
	Regexps Kind = "regexps" // the team's own patterns
	Silence Kind = "silence" // no line of an app for too long
	Drop    Kind = "drop"    // lines that are counted but not stored; they raise no alert
)

// Level says how urgent an alert is.
type Level string

// The levels, the more urgent first.
const (
	Critical Level = "critical" // users are affected
	Warning  Level = "warning"  // users may be affected soon
)

// Rule is a rule in force: a default, a default that alerts.yaml changes, or one that alerts.yaml adds. Fields that its kind does not use are
// empty.
type Rule struct {
	Name        string `json:"name"` // unique among all kinds, such as H12; a letter or digit, then letters, digits, "_", "." and "-", at most 40 characters
	Kind        Kind   `json:"kind"`
	Title       string `json:"title"`                 // a few words, such as "Request timeout"
	Description string `json:"description,omitempty"` // what the alert means
	Advice      string `json:"advice,omitempty"`      // the first thing to look at
	Level       Level  `json:"level,omitempty"`
	Off         bool   `json:"off,omitempty"`
	Origin      Origin `json:"origin"`

	// An alert begins when Threshold lines match within Window, by the times of the lines. It is over when fewer match, and none has for
	// Cooldown.
	Threshold int      `json:"threshold,omitempty"`
	Window    Duration `json:"window,omitempty"`
	Cooldown  Duration `json:"cooldown,omitempty"`

	IncludeApps []string `json:"include_apps,omitempty"` // names, in which * stands for any characters; empty: all apps
	ExcludeApps []string `json:"exclude_apps,omitempty"` // likewise; it has precedence

	// What a line must be like. All that are set must apply.
	Code         string   `json:"code,omitempty"`          // Codes: H12
	Over         *float64 `json:"over,omitempty"`          // Slow: milliseconds; Samples: the limit that a figure exceeds
	Under        *float64 `json:"under,omitempty"`         // Samples: the limit that a figure falls below
	Metric       string   `json:"metric,omitempty"`        // Samples: a figure's name without "sample#", or "name / name"
	Interval     Duration `json:"interval,omitempty"`      // Samples: time between two samples; samples further apart are not in a row
	Status       string   `json:"status,omitempty"`        // Status, Drop: 429 or 5xx
	ExcludePaths []string `json:"exclude_paths,omitempty"` // Slow, Status: RE2
	Path         string   `json:"path,omitempty"`          // Slow, Status, Drop: RE2, of router lines, without the query
	Method       string   `json:"method,omitempty"`        // Drop: of router lines
	Pattern      string   `json:"pattern,omitempty"`       // Errors, Regexps, Drop: RE2
	Field        string   `json:"field,omitempty"`         // Errors, Regexps, Drop: the field of a JSON line that Pattern applies to; empty: the text
	Source       string   `json:"source,omitempty"`        // Errors, Regexps, Drop: app, heroku
	Process      string   `json:"process,omitempty"`       // Samples, Errors, Regexps, Drop: a process, in which * stands for any characters: web.*
	Severity     string   `json:"severity,omitempty"`      // Drop: the line's level: the "level" or "severity" of a JSON line, or else the syslog severity
	After        Duration `json:"after,omitempty"`         // Silence: how long no line arrived
	Keep         float64  `json:"keep,omitempty"`          // Drop: the share of lines that are stored nevertheless, 0 to 1
}

// Origin says where a rule comes from.
type Origin string

// The origins of rules.
const (
	Default Origin = "default"
	Changed Origin = "default, changed by alerts.yaml"
	Own     Origin = "alerts.yaml"
)

// Duration is a time.Duration that JSON and YAML show as text such as "5m" or "1h30m", in whole seconds.
type Duration time.Duration
