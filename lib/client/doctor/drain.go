package doctor

import (
	"fmt"
	"strings"

	"heroku-drains/lib/drain"
)

// backlog is how many waiting messages are more than a burst: an app rarely sends more than some POSTs a second, and they are stored in one.
const backlog = 1000

// Drain judges the AWS side of a drain by what the API says of it.
func (d Doctor) Drain(dr drain.Drain) []Finding {
	return forApp(dr.App, append(d.parts(dr), d.storing(dr)...))
}

// parts finds what is missing, or stands still.
func (d Doctor) parts(dr drain.Drain) []Finding {
	put := d.command("put -a " + dr.App)
	switch dr.State {
	case drain.None:
		return []Finding{{Error, "drain", "", "Heroku sends to a drain that does not exist: its lines are lost",
			put + " makes the drain; " + d.command("delete -a "+dr.App) + " tells Heroku to stop"}}
	case drain.Partial:
		if dr.Archived() {
			return []Finding{{Note, "drain", "", "of this drain only the log stream is left",
				d.command("delete -a "+dr.App) + " removes it and its lines; " + put + " makes the drain again"}}
		}
		return []Finding{{Error, "drain", "", "the drain lacks its " + missingText(dr), put + " makes what is missing"}}
	case drain.Disabled:
		return []Finding{{Error, "drain", "", "the event source mapping is disabled: lines wait in the queue, for 14 days at most",
			put + " enables it"}}
	case drain.Deleting:
		return []Finding{{Warning, "drain", "", "the drain is being deleted", "wait a minute; " + put + " makes it again"}}
	case drain.Creating, drain.Updating:
		return []Finding{{Note, "drain", "", fmt.Sprintf("the drain is %s: lines wait in the queue meanwhile", dr.State),
			"wait a minute, and check again"}}
	}
	return nil
}

func missingText(dr drain.Drain) string {
	var names []string
	for _, part := range dr.Missing() {
		names = append(names, string(part))
	}
	return strings.Join(names, " and its ")
}

// storing finds signs that what arrives is not stored.
func (d Doctor) storing(dr drain.Drain) []Finding {
	if dr.State != drain.Active {
		return nil
	}
	var findings []Finding
	if e := dr.EventSource; e != nil && strings.HasPrefix(e.LastResult, "PROBLEM") {
		findings = append(findings, Finding{Note, "drain", "", "what the event source mapping said last: " + e.LastResult,
			"it stays until the next message; the storage function's log says more"})
	}
	if waiting := dr.Queue.Waiting(); waiting >= backlog {
		findings = append(findings, Finding{Warning, "drain", "", fmt.Sprintf("%d messages wait in the queue: storing does not keep up", waiting),
			"see whether AWS throttles; " + d.command("put -a "+dr.App+" --maximum-concurrency 0") + " lifts the drain's own limit"})
	}
	return findings
}
