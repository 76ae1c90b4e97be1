package metering

import (
	"slices"
	"time"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// Least is the shortest time whose traffic says something about a month. In less, a batch more or less makes a difference.
const Least = 10 * time.Second

// Month is what a month would use if its traffic was always as it was for a time.
type Month struct {
	Seen    time.Duration // that time
	Posts   float64       // requests to the API in it
	Traffic cost.Usage    // of a month, with the storage of its lines
	Drains  float64       // whose queues are polled
}

// Bill returns what the month costs, part by part: the parts of the traffic, what so many drains cost without traffic, and what the stack costs without
// drains.
func (m Month) Bill(p *cost.Prices) cost.Bill {
	bill := slices.DeleteFunc(m.Traffic.Bill(p), func(item cost.Item) bool { return item.Units == 0 && item.Dollars == 0 })
	return append(bill,
		cost.Item{Part: "fixed cost of drains", Units: m.Drains, Unit: "drains", Dollars: cost.App().Times(m.Drains).Bill(p).Dollars()},
		cost.Item{Part: "fixed cost of the stack", Units: 1, Unit: "stacks", Dollars: cost.Stack().Bill(p).Dollars()})
}

// MonthAt returns what a month would use at the rate between two readings of the meter. It is false if the time between them is shorter than Least, or if
// there were no requests in it.
//
// Only what grows with the traffic is multiplied. What a stack costs anyway is as in lib/cost: calls that come once an hour, or once when a function starts,
// would be multiplied otherwise. What the CLI and the page have read is left out: see Usage.Tools.
func MonthAt(before, after awslocal.Metered) (Month, bool) {
	seen := after.At.Sub(before.At)
	used := Between(before, after).System
	m := Month{Seen: seen, Posts: used.GatewayRequests, Drains: float64(max(0, after.Polling-1))} // the alerts queue is polled, too
	if seen < Least || m.Posts == 0 {
		return m, false
	}
	used.SecretCalls, used.MetricQueries = 0, 0
	m.Traffic = used.Times(cost.Month.Seconds() / seen.Seconds())
	lines := m.Traffic.LogBytes + m.Traffic.LogBytesInfrequent
	m.Traffic.KeptByteMonths = cost.Lines(lines, cost.Standard, stack.DefaultRetentionDays).KeptByteMonths
	return m, true
}
