package metering

import (
	"time"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// Least is the shortest time whose traffic says something about a month. In less, a batch more or less makes a difference.
const Least = 10 * time.Second

// Month is what a month would use if its traffic was always as it was for a time.
type Month struct {
	Seen     time.Duration // that time
	Posts    float64       // requests to the API in it
	Traffic  cost.Usage    // of a month, with the storage of its lines
	Standing cost.Usage    // of a month: what a stack with so many drains uses without traffic
}

// Usage returns all that the month uses.
func (m Month) Usage() cost.Usage { return m.Traffic.Plus(m.Standing) }

// MonthAt returns what a month would use at the rate between two readings of the meter. It is false if the time between them is shorter than Least, or if
// there were no requests in it.
//
// Only what grows with the traffic is multiplied. What a stack uses anyway is as in lib/cost: in the local system, calls that come once an hour, or once
// when a function starts, would be multiplied as well. What the CLI and the page have read is left out: see Usage.Tools.
func MonthAt(before, after awslocal.Metered) (Month, bool) {
	seen := after.At.Sub(before.At)
	used := Between(before, after).System
	m := Month{Seen: seen, Posts: used.GatewayRequests, Standing: standing(after)}
	if seen < Least || m.Posts == 0 {
		return m, false
	}
	used.SecretCalls, used.MetricQueries = 0, 0
	m.Traffic = used.Times(cost.Month.Seconds() / seen.Seconds())
	lines := m.Traffic.LogBytes + m.Traffic.LogBytesInfrequent
	m.Traffic.KeptByteMonths = cost.Lines(lines, cost.Standard, stack.DefaultRetentionDays).KeptByteMonths
	return m, true
}

// standing returns what a month of the system uses without traffic. The alerts queue is polled besides those of the drains.
func standing(m awslocal.Metered) cost.Usage {
	return cost.Stack().Plus(cost.App().Times(float64(max(0, m.Polling-1))))
}
