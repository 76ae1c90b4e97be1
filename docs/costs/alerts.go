package costs

import (
	"fmt"

	"heroku-drains/lib/cost"
)

// AlertMonth is what the alert system has to do in a month.
type AlertMonth struct {
	Name        string
	Assumptions string
	cost.Alerts
}

const (
	alertApps     = 20
	daysPerMonth  = 30
	hoursPerDay   = 24
	secondsPerDay = hoursPerDay * 60 * 60
)

// AlertMonths returns the months of the page. The later ones are the normal one and what their name says.
func AlertMonths() []AlertMonth {
	normal := cost.NormalAlerts(alertApps)
	also := func(name, assumptions string, more cost.Alerts) AlertMonth {
		more.Apps, more.Readers = normal.Apps, normal.Readers
		more.Reports += normal.Reports
		more.Invocations += normal.Invocations
		more.Updates = append(more.Updates, normal.Updates...)
		more.Ticks += normal.Ticks
		more.Notifications += normal.Notifications
		return AlertMonth{Name: name, Assumptions: assumptions, Alerts: more}
	}
	const every20s = daysPerMonth * secondsPerDay / 20
	return []AlertMonth{
		{Name: "quiet", Assumptions: "no line matches a rule", Alerts: cost.Alerts{Apps: alertApps}},
		{
			Name:        "normal",
			Assumptions: "in each app, a line matches every ten minutes; one alert a day begins and ends, in one of the apps", Alerts: normal,
		},
		also("one app answers H12 for a day", "H12 lines in three POSTs a second", cost.Alerts{
			Reports: 3 * secondsPerDay, Invocations: secondsPerDay, Updates: []cost.Updates{{Count: secondsPerDay, Size: cost.StormItem}},
			Ticks: hoursPerDay * 6, Notifications: 2,
		}),
		also("one app has R14 all month", "two dynos, for each of which Heroku writes R14 and the size of its memory every 20 seconds", cost.Alerts{
			Reports: 2 * every20s, Invocations: 2 * every20s, Updates: []cost.Updates{{Count: 2 * 2 * every20s, Size: cost.ChronicItem}},
			Ticks: 2 * daysPerMonth * hoursPerDay * 6, Notifications: 4,
		}),
	}
}

// share is the cost of a part, in dollars.
type share struct {
	part    string
	dollars float64
}

// shares returns the costs of the month, in dollars, part by part. The first two cost the same each month. Custom metrics are not among them, because
// nothing fails in these months.
func (m AlertMonth) shares(p *cost.Prices) []share {
	u := m.Usage()
	part := func(name string, u cost.Usage) share { return share{name, u.Bill(p).Dollars()} }
	return []share{
		part("polling of the queue", cost.Polls(cost.MostPollers)),
		part("alarms", cost.Usage{Alarms: cost.AlertAlarms}),
		part("SQS", cost.Usage{SQSRequests: u.SQSRequests}),
		part("Lambda", cost.Usage{Alerts: u.Alerts}),
		part("DynamoDB", cost.Usage{WriteUnits: u.WriteUnits, ReadUnits: u.ReadUnits}),
		part("own log", cost.Usage{OwnLogBytes: u.OwnLogBytes}),
		part("notifications, to three email addresses", cost.Usage{Publishes: u.Publishes, Emails: u.Emails}),
	}
}

// Dollars returns what the month costs in us-east-1.
func (m AlertMonth) Dollars() float64 { return sum(m.shares(pricesIn(regions[0]))) }

// alerts returns what the alert system costs in each of the months.
func alerts(p *cost.Prices) string {
	header, total := []string{"part"}, []string{"**total**"}
	var rows [][]string
	for _, m := range AlertMonths() {
		header = append(header, m.Name)
		shares := m.shares(p)
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
		rows = append(rows, []string{m.Name, assumptions, fmt.Sprint(int(m.Reports)), fmt.Sprint(int(m.Notifications))})
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
