package cost

import "heroku-drains/lib/stack"

// How long the alerts function runs, in seconds, and how much it writes to its own log, in bytes. These are assumptions: no real account was
// measured.
const (
	alertTime = 0.040 // for a report: a read and a write for each rule
	alertLine = 200
	sweepTime = 0.200 // for a check of all alerts
)

// The sizes of items of the alerts table, in bytes: of the state of a rule of an app. A test of docs/costs holds the real ones against them.
const (
	QuietItem   = 2 << 10  // a few matches, and the lines to show
	ChronicItem = 3 << 10  // several matches a minute, all the time
	StormItem   = 10 << 10 // several matches a second: it remembers 1,000 of them, in order to count none twice
)

// Alerts is what the alert system has to do in a month, besides what it costs each month: see Stack.
type Alerts struct {
	Apps          float64 // each with a rule that has matched once
	Reports       float64 // batches of lines in which a rule matched
	Invocations   float64 // of the alerts function, for these
	Updates       []Updates
	Ticks         float64 // delayed messages of the function to itself
	Notifications float64
	Readers       float64 // who receive each notification by email
}

// Updates are reads and writes of items: one for each rule and invocation.
type Updates struct {
	Count float64
	Size  float64 // bytes of an item
}

// AlertReaders is how many people receive each notification by email in NormalAlerts.
const AlertReaders = 3

// NormalAlerts returns a month in which, in each app, a line matches every ten minutes, and one alert a day begins and ends in one of 20 apps.
func NormalAlerts(apps float64) Alerts {
	const matches, alerting = daysPerMonth * 24 * 6, daysPerMonth / 20.0
	reports := apps * matches
	return Alerts{
		Apps: apps, Reports: reports, Invocations: reports, Updates: []Updates{{Count: reports * 1.2, Size: QuietItem}},
		Ticks: apps * alerting * 4, Notifications: apps * alerting * 2, Readers: AlertReaders,
	}
}

// Usage returns what the month uses.
func (a Alerts) Usage() Usage {
	const sweeps = float64(Month / stack.AlertsCheckInterval)
	perBatch := 2 * max(a.Invocations, a.Reports/10) // receives of up to 10 messages, and as many deletes
	invoked := a.Invocations + a.Ticks
	u := Usage{
		SQSRequests: a.Reports + perBatch + 3*a.Ticks,
		Alerts:      Run(invoked, stack.AlertsMemoryMB, alertTime),
		OwnLogBytes: alertLine * invoked,
		ReadUnits:   sweeps * Units(a.Apps*QuietItem, ReadUnit),
		Publishes:   a.Notifications,
		Emails:      a.Notifications * a.Readers,
	}
	checks := Run(sweeps, stack.AlertsMemoryMB, sweepTime)
	u.Alerts.Requests += checks.Requests
	u.Alerts.GBSeconds += checks.GBSeconds
	for _, updates := range append([]Updates{{Count: a.Ticks, Size: ChronicItem}}, a.Updates...) {
		u.WriteUnits += updates.Count * Units(updates.Size, WriteUnit)
		u.ReadUnits += updates.Count * Units(updates.Size, ReadUnit)
	}
	return u
}
