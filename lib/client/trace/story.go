// Package trace finds out what happened to a request: what the router and the apps said about it, and how its dyno and its release were.
package trace

import (
	"time"

	"heroku-drains/lib/client/logs"
)

// Story is what is known about a request.
type Story struct {
	RequestID string    `json:"request_id"`
	Since     time.Time `json:"since"` // what was searched
	Until     time.Time `json:"until"`
	Apps      []string  `json:"apps"`

	Router   *Line     `json:"router"`   // the router's first line; nil: not found
	Requests []Request `json:"requests"` // what the router's lines say, in their order: an app can pass the ID on to another one
	Lines    []Line    `json:"lines"`    // all lines that contain the ID, in the order of their times
	More     bool      `json:"more"`     // there are more lines than Lines has
	// Duplicates is how many further copies of these lines are stored: delivery is at least once.
	Duplicates int `json:"duplicates"`

	Dyno      string   `json:"dyno,omitempty"` // of the first request
	DynoLines []Line   `json:"dyno_lines"`     // what Heroku said about it around that time, without metrics
	Release   *Release `json:"release"`        // that the first request met; nil: not found
}

// Line is a line of an app. It becomes the JSON object of logs.Object.
type Line struct {
	App   string
	Event logs.Event
}

// MarshalJSON returns the line as logs.Object does.
func (l Line) MarshalJSON() ([]byte, error) { return logs.Object(l.App, l.Event), nil }

// Time returns the time of the line.
func (l Line) Time() time.Time {
	line := logs.ReadLine(l.Event)
	return line.Time
}

// Request is what a router line says.
type Request struct {
	App       string    `json:"app"`
	StartedAt time.Time `json:"started_at"` // when the router got it
	EndedAt   time.Time `json:"ended_at"`   // when the router wrote the line
	Method    string    `json:"method,omitempty"`
	Host      string    `json:"host,omitempty"`
	Path      string    `json:"path,omitempty"`
	Status    int       `json:"status,omitempty"`
	Code      string    `json:"code,omitempty"` // Heroku's error code, such as H12
	Reason    string    `json:"reason,omitempty"`
	Dyno      string    `json:"dyno,omitempty"`
	ConnectMS *float64  `json:"connect_ms,omitempty"` // how long the router waited for the dyno to accept it; nil: no dyno did
	ServiceMS *float64  `json:"service_ms,omitempty"` // from then on, how long the response took
	Bytes     *float64  `json:"bytes,omitempty"`
}

// Release is a release of an app.
type Release struct {
	App     string    `json:"app"`
	Version string    `json:"version"` // v12
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Line    Line      `json:"line"`
}
