package doctor

import (
	"fmt"
	"strings"

	"heroku-drains/lib/drain"
)

// backlog is a number of waiting messages that a burst does not explain: an app rarely sends more than a few POSTs a second, and they are
// stored within a second.
const backlog = 1000

// drain checks the AWS side of a drain as the API returns it.
func (e examiner) drain(d drain.Drain) []Finding {
	if d.State == drain.Active {
		return e.storing(d)
	}
	put := e.Command("put -a %s", d.App)
	f := Finding{Severity: Error, Check: CheckDrain, App: d.App}
	switch d.State {
	case drain.None:
		f.What = "Heroku sends to a drain that does not exist: its lines are lost"
		f.Fix = put + " creates the drain; " + e.Command("delete -a %s", d.App) + " removes it from Heroku"
	case drain.Partial:
		if d.Archived() {
			f.Severity = Note
			f.What = "only the log stream of this drain is left"
			f.Fix = e.Command("delete -a %s", d.App) + " deletes it and its lines; " + put + " creates the drain again"
			break
		}
		f.What = "the drain has " + missingText(d)
		f.Fix = put + " repairs it"
	case drain.Disabled:
		f.What = "the event source mapping is disabled: lines wait in the queue for up to 14 days"
		f.Fix = put + " enables it"
	case drain.Deleting:
		f.Severity = Warning
		f.What = "the drain is being deleted"
		f.Fix = "wait a minute; " + put + " creates it again"
	case drain.Creating, drain.Updating:
		f.Severity = Note
		f.What = fmt.Sprintf("the drain's state is %s: lines wait in the queue until it is active", d.State)
		f.Fix = "wait a minute, then check again"
	default:
		return nil
	}
	return []Finding{f}
}

// missingText returns the missing parts in words, such as "no log stream and no queue".
func missingText(d drain.Drain) string {
	var parts []string
	for _, part := range d.Missing() {
		parts = append(parts, "no "+string(part))
	}
	return strings.Join(parts, " and ")
}

// storing checks that the messages in the queue are being stored.
func (e examiner) storing(d drain.Drain) []Finding {
	var findings []Finding
	if waiting := d.Queue.Waiting(); waiting >= backlog {
		findings = append(findings, Finding{
			Severity: Warning, Check: CheckDrain, App: d.App,
			What: fmt.Sprintf("%d messages are waiting in the queue: they arrive faster than they are stored", waiting),
			Fix:  "check for throttling; " + e.Command("put -a %s --maximum-concurrency 0", d.App) + " removes the drain's own limit",
		})
	}
	return findings
}
