package costs

import (
	"fmt"
	"time"

	"heroku-drains/lib/stack"
)

// What the alert system adds to the stack.
const (
	AlertAlarms  = 5 // each on one metric
	AlertMetrics = 4 // the functions write them only when something failed
	alertsMB     = stack.AlertsMemoryMB

	// A mapping with a maximum concurrency keeps its 5 pollers.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
	alertPollers = 5
)

// How long the alerts function runs, in seconds, and how much it writes to its own log, in kB. These are assumptions: no real account was
// measured.
const (
	alertTime = 0.040 // for a report: a read and a write for each rule
	alertLine = 0.2
	sweepTime = 0.200 // for a check of all alerts
)

const kilobyte = 1 << 10

// The sizes of items of the alerts table, in bytes: of the state of a rule of an app. A test holds the real ones against them.
const (
	QuietItem   = 2 * kilobyte  // a few matches, and the lines to show
	ChronicItem = 3 * kilobyte  // several matches a minute, all the time
	StormItem   = 10 * kilobyte // several matches a second: it remembers 1,000 of them, in order to count none twice
)

// AlertMonth is what the alert system has to do in a month.
type AlertMonth struct {
	Name        string
	Assumptions string

	reports       float64 // batches of lines in which a rule matched
	invocations   float64 // of the alerts function, for these
	updates       []updates
	ticks         float64 // delayed messages of the function to itself
	notifications float64
}

// updates are reads and writes of items: one for each rule and invocation.
type updates struct {
	count float64
	size  int
}

const (
	alertApps     = 20
	alertReaders  = 3 // who receive each notification by email
	daysPerMonth  = 30
	hoursPerDay   = 24
	secondsPerDay = hoursPerDay * 60 * 60
)

// AlertMonths returns the months of the page. The later ones are the normal one and what their name says.
func AlertMonths() []AlertMonth {
	quiet := AlertMonth{Name: "quiet", Assumptions: "no line matches a rule"}

	const reports = alertApps * daysPerMonth * hoursPerDay * 6
	normal := AlertMonth{
		Name:        "normal",
		Assumptions: "in each app, a line matches every ten minutes; one alert a day begins and ends, in one of the apps",
		reports:     reports, invocations: reports, updates: []updates{{count: reports * 1.2, size: QuietItem}},
		ticks: daysPerMonth * 4, notifications: daysPerMonth * 2,
	}
	also := func(name, assumptions string, more AlertMonth) AlertMonth {
		more.Name, more.Assumptions = name, assumptions
		more.reports += normal.reports
		more.invocations += normal.invocations
		more.updates = append(more.updates, normal.updates...)
		more.ticks += normal.ticks
		more.notifications += normal.notifications
		return more
	}
	const every20s = daysPerMonth * secondsPerDay / 20
	return []AlertMonth{
		quiet, normal,
		also("one app answers H12 for a day", "H12 lines in three POSTs a second", AlertMonth{
			reports: 3 * secondsPerDay, invocations: secondsPerDay, updates: []updates{{count: secondsPerDay, size: StormItem}},
			ticks: hoursPerDay * 6, notifications: 2,
		}),
		also("one app has R14 all month", "two dynos, for each of which Heroku writes R14 and the size of its memory every 20 seconds", AlertMonth{
			reports: 2 * every20s, invocations: 2 * every20s, updates: []updates{{count: 2 * 2 * every20s, size: ChronicItem}},
			ticks: 2 * daysPerMonth * hoursPerDay * 6, notifications: 4,
		}),
	}
}

// shares returns the costs of the month, in dollars, part by part. The first two cost the same each month. Custom metrics are not among them, because
// nothing fails in these months.
func (m AlertMonth) shares(r region) []share {
	const sweeps = float64(daysPerMonth * 24 * time.Hour / stack.AlertsCheckInterval)
	perBatch := func(messages float64) float64 { // receives of up to 10 messages, and as many deletes
		return 2 * max(m.invocations, messages/10)
	}
	requests := m.reports + perBatch(m.reports) + 3*m.ticks
	written, read := 0.0, sweeps*units(alertApps*QuietItem, 4*kilobyte)
	for _, u := range append([]updates{{count: m.ticks, size: ChronicItem}}, m.updates...) {
		written += u.count * units(u.size, kilobyte)
		read += u.count * units(u.size, 4*kilobyte)
	}
	invoked := (m.invocations + m.ticks) / million
	return []share{
		{part: "polling of the queue", dollars: idle(r, alertPollers)},
		{part: "alarms", dollars: AlertAlarms * alarm.in[r]},
		{part: "SQS", dollars: sqsRequests.in[r] * requests / million},
		{part: "Lambda", dollars: invoked*lambda(r, alertsMB, alertTime) + sweeps/million*lambda(r, alertsMB, sweepTime)},
		{part: "DynamoDB", dollars: writeUnits.in[r]*written/million + readUnits.in[r]*read/million},
		{part: "own log", dollars: logged(r, alertLine).dollars * invoked},
		{part: "notifications, to three email addresses", dollars: m.notifications * (published.in[r]/million + alertReaders*emails.in[r]/100_000)},
	}
}

// Dollars returns what the month costs in us-east-1.
func (m AlertMonth) Dollars() float64 { return sum(m.shares(usEast1)) }

// alerts returns what the alert system costs in each of the months.
func alerts(r region) string {
	header, total := []string{"part"}, []string{"**total**"}
	var rows [][]string
	for _, m := range AlertMonths() {
		header = append(header, m.Name)
		shares := m.shares(r)
		for i, s := range shares {
			if len(rows) < len(shares) {
				rows = append(rows, []string{s.part})
			}
			rows[i] = append(rows[i], dollars(s.dollars))
		}
		total = append(total, "**"+dollars(sum(shares))+"**")
	}
	return markdown(append(append([][]string{header}, rows...), total))
}

// alertMonths returns what the months are assumed to be.
func alertMonths() string {
	rows := [][]string{{"month", "assumptions", "batches with matches", "notifications"}}
	for i, m := range AlertMonths() {
		assumptions := m.Assumptions
		if i > 1 {
			assumptions = "the normal month, and " + assumptions
		}
		rows = append(rows, []string{m.Name, assumptions, fmt.Sprint(int(m.reports)), fmt.Sprint(int(m.notifications))})
	}
	return markdown(rows)
}

func sum(shares []share) float64 {
	total := 0.0
	for _, s := range shares {
		total += s.dollars
	}
	return total
}
