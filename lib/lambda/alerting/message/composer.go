package message

import (
	"fmt"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
)

// Composer makes notifications. The fields say where the lines are that they are about.
type Composer struct {
	Stack   string
	Region  string
	Account string // an AWS account's ID; that of package stack for the local system
	Names   drain.Names
	Program string // how to call heroku-drains-cli so that it finds the local system; empty: by its name, with --local
}

// Facts is what an alert's notification says.
type Facts struct {
	Event alert.Event // Firing or Resolved
	ID    string
	Time  time.Time

	App  string
	Rule alert.Rule

	Since     time.Time // the first line
	Last      time.Time // the newest line
	Lines     int
	PerMinute []alert.Count
	Samples   []alert.Line
	Affected  []alert.Affected
	Release   *alert.Release // the newest before Since
	Late      bool
	Over      bool // Firing: it is over already
}

// Alert makes the notification that an alert began or is over.
func (c Composer) Alert(f Facts) alert.Notification {
	n := alert.Notification{
		Version: alert.NotificationVersion, Event: f.Event, ID: f.ID, Time: f.Time.UTC(), Stack: c.Stack,
		App: f.App, Rule: f.Rule.Name, Title: f.Rule.Title, Kind: f.Rule.Kind, Level: f.Rule.Level, Description: f.Rule.Description, Advice: f.Rule.Advice,
		Late: f.Late, Since: f.Since.UTC(), Lines: f.Lines, PerMinute: f.PerMinute, Samples: f.Samples,
		Affected: f.Affected[:min(len(f.Affected), maxAffected)], Release: f.Release,
	}
	if f.Event == alert.Resolved || f.Over {
		n.Until = f.Last.UTC()
	}
	long, short := summaries(f)
	n.Subject = subject("["+f.App+"] ", label(n), ": "+long, ": "+short)
	from, to := f.Since, f.Last
	if n.Until.IsZero() {
		to = later(f.Last, f.Time)
	}
	c.point(&n, f.Rule, from, to)
	return n
}

// maxAffected is the number of paths or dynos that a notification names.
const maxAffected = 10

// point adds how to see the lines from one time to another.
func (c Composer) point(n *alert.Notification, rule alert.Rule, from, to time.Time) {
	from, to = from.UTC().Truncate(time.Minute), to.UTC().Truncate(time.Minute).Add(time.Minute)
	n.LogsURL = c.logsURL(n.App, rule, from, to)
	n.Command = c.logsCommand(n.App, rule, from, to)
}

// Digest makes the notification of several alerts that began or ended between two times, and of more that it does not name. Its level is the highest
// of theirs.
func (c Composer) Digest(id string, from, to time.Time, alerts []alert.Notification, more int) alert.Notification {
	apps, level := map[string]bool{}, alert.Level("")
	for _, n := range alerts {
		apps[n.App] = true
		if level == "" || n.Level == alert.Critical {
			level = n.Level
		}
	}
	all := len(alerts) + more
	n := alert.Notification{
		Version: alert.NotificationVersion, Event: alert.Digest, ID: id, Time: to.UTC(), Stack: c.Stack, Level: level, Since: from.UTC(), Alerts: alerts,
		Description: fmt.Sprintf("So many alerts began or ended that one message has the rest of them: %s since %s.",
			plural(all, "message"), clock(from)),
		Command: c.program() + " alerts list",
	}
	if more > 0 {
		n.Description += fmt.Sprintf(" %s not named here.", isAre(more))
	}
	kind := "alerts"
	if level != "" {
		kind = string(level) + " alerts"
	}
	n.Subject = subject("["+c.Stack+"] ", "More "+kind, fmt.Sprintf(": %s on %s in %s", number(all), plural(len(apps), "app"), span(to.Sub(from).Round(time.Minute))))
	return n
}

func isAre(n int) string {
	if n == 1 {
		return "1 is"
	}
	return number(n) + " are"
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
