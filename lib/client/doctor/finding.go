// Package doctor examines an installation: the caller's identity and clock, the stack, the API, each part of each drain on both sides, dead
// letters, policies, throttling, and the alerts. Each finding comes with a fix, if there is one.
package doctor

import (
	"cmp"
	"slices"
	"time"
)

// Severity says how bad a finding is.
type Severity string

// The severities, the worst first.
const (
	Error   Severity = "error"   // lines are lost or not stored, or no alert is published
	Warning Severity = "warning" // lines may be lost, alerts reach nobody, or a part that should be checked could not be
	Note    Severity = "note"    // a part was intentionally not checked, or the state is temporary
)

var severities = []Severity{Error, Warning, Note}

// Check is the name of a check.
type Check string

// The checks. A check that AWS refuses or throttles has a finding of CheckPolicy or CheckThrottling.
const (
	CheckCredentials Check = "credentials"
	CheckClock       Check = "clock"
	CheckStack       Check = "stack"
	CheckAPI         Check = "api"
	CheckHeroku      Check = "heroku"
	CheckDrain       Check = "drain"
	CheckQueue       Check = "queue"
	CheckDeadLetters Check = "dead letters"
	CheckPolicy      Check = "policy"
	CheckThrottling  Check = "throttling"
	CheckAlerts      Check = "alerts"
	CheckDedup       Check = "dedup"
	CheckProbe       Check = "probe"
)

// Finding is a problem, or something that was not checked. It contains no password.
type Finding struct {
	Severity Severity `json:"severity"`
	Check    Check    `json:"check"`
	App      string   `json:"app,omitempty"` // empty: it concerns all apps
	What     string   `json:"what"`
	Fix      string   `json:"fix"` // empty: nothing needs to be done
}

// Diagnosis is the result of Examine.
type Diagnosis struct {
	Identity  string        // ARN of the caller; empty: unknown
	Drains    int           // how many were checked
	ProbeTime time.Duration // how long the test line took to reach the log stream; 0: none was sent, or it did not arrive
	Findings  []Finding     // the worst first
}

// Count returns the number of findings of a severity.
func (d Diagnosis) Count(s Severity) int {
	n := 0
	for _, f := range d.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Healthy reports whether there are neither errors nor warnings.
func (d Diagnosis) Healthy() bool { return d.Count(Error)+d.Count(Warning) == 0 }

func (d *Diagnosis) add(findings ...Finding) { d.Findings = append(d.Findings, findings...) }

func (d *Diagnosis) sort() {
	slices.SortStableFunc(d.Findings, func(a, b Finding) int {
		return cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity))
	})
}
