package doctor

import (
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/drain"
)

// backlog is a number of waiting messages that a burst does not explain: an app rarely sends more than a few POSTs a second, and they are
// stored within a second.
const backlog = 1000

// The limits for a drain that stores nothing: fewer messages, or a newer line, are no evidence, because a quiet app may have just written them.
const (
	stuck          = 20 // messages, as of a drain without a batch window
	stuckPerSecond = 10 // messages per second of a batch window, in which they wait intentionally

	// The time of the newest line "typically" updates in "less than an hour from ingestion":
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
	stuckTime      = 90 * time.Minute
	stuckTimeLocal = time.Minute // in a local system, the time is exact
)

// drain checks the AWS side of a drain as the API returned it now.
func (e examiner) drain(d drain.Drain, now time.Time) []Finding {
	if d.State == drain.Active {
		return e.storing(d, now)
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
func (e examiner) storing(d drain.Drain, now time.Time) []Finding {
	waiting := d.Queue.Waiting()
	f := Finding{Severity: Warning, Check: CheckDrain, App: d.App}
	switch {
	case waiting >= stuck+stuckPerSecond*d.Settings.BatchWindowSeconds && e.storesNothing(d, now):
		newest := "the log stream shows no stored line"
		if d.LastEventAt != nil {
			newest = "the newest stored line is from " + d.LastEventAt.UTC().Format(time.RFC3339)
		}
		f.What = fmt.Sprintf("%d messages are waiting in the queue, and %s", waiting, newest)
		f.Fix = "see the log of the storage function in CloudWatch Logs; " + e.Command("doctor -a %s", d.App) + " then checks with a test line"
		if e.Local {
			f.Fix = fmt.Sprintf("see the output of %s; if it was started with --fail, the lines are stored when the outage ends", e.Start)
		}
	case waiting >= backlog:
		f.What = fmt.Sprintf("%d messages are waiting in the queue: they arrive faster than they are stored", waiting)
		f.Fix = "check for throttling; " + e.Command("put -a %s --maximum-concurrency 0", d.App) + " removes the drain's own limit"
	default:
		return nil
	}
	return []Finding{f}
}

// storesNothing reports whether a drain has stored no line for so long that late times do not explain it.
func (e examiner) storesNothing(d drain.Drain, now time.Time) bool {
	limit := stuckTime
	if e.Local {
		limit = stuckTimeLocal
	}
	window := time.Duration(d.Settings.BatchWindowSeconds) * time.Second
	return d.LastEventAt == nil || now.Sub(*d.LastEventAt) > limit+window
}
