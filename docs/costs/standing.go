package costs

import (
	"fmt"
	"time"

	"heroku-drains/lib/credential"
)

// Lambda polls an idle queue with 5 pollers; after a while with 2, unless the mapping has a maximum concurrency.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
var pollers = []int{2, 5}

// perApp is what a drain costs that receives nothing.
func perApp() string {
	rows := [][]string{{"pollers", "receives a month", "us-east-1", "eu-west-1"}}
	for _, n := range pollers {
		receives := fmt.Sprint(n * pollsPerMinute * minutesPerMonth)
		rows = append(rows, []string{fmt.Sprint(n), receives, dollars(idle(usEast1, n)), dollars(idle(euWest1, n))})
	}
	return markdown(rows)
}

// standing is a part of the stack that costs money without a single POST, or nearly.
type standing struct {
	part  string
	count float64
	price price
	free  bool // within what every account has free of charge, for ever, if that is not in use elsewhere
}

// parts of the stack that cost by the month.
func standingParts() []standing {
	const keyVersions = 2 // the function reads the current and the previous one
	lookUps := keyVersions * minutesPerMonth * float64(time.Minute) / float64(credential.TTL)
	return []standing{
		{"the signing key", 1, secret, false},
		{"reading it, 10,000 times (one ingest environment, busy all month)", lookUps / 10_000, secretCalls, false},
		{"alarms", Alarms, alarm, true},
		{"custom metrics, at most", CustomMetrics, customMetric, true},
	}
}

// perStack is what a stack costs a month without any drain.
func perStack(r region) string {
	rows := [][]string{{"part", "count", "each", "a month", "with CloudWatch's free tier"}}
	all, paid := 0.0, 0.0
	for _, s := range standingParts() {
		month, rest := s.count*s.price.in[r], 0.0
		if !s.free {
			rest = month
		}
		all, paid = all+month, paid+rest
		rows = append(rows, []string{s.part, fmt.Sprintf("%.3g", s.count), exact(s.price.in[r]), dollars(month), dollars(rest)})
	}
	return markdown(append(rows, []string{"**in all**", "", "", "**" + dollars(all) + "**", "**" + dollars(paid) + "**"}))
}

// stackMonth is perStack's sum without free tiers.
func stackMonth(r region) float64 {
	sum := 0.0
	for _, s := range standingParts() {
		sum += s.count * s.price.in[r]
	}
	return sum
}

// bills are whole months, with every app polled at full speed all the time.
func bills(r region) string {
	rows := [][]string{{"apps", "GB a month", "stack", "polling", "POSTs", "CloudWatch ingest", "in all", "in all, IA"}}
	for _, team := range []struct {
		apps      int
		gigabytes float64
	}{{1, 1}, {10, 50}, {100, 1000}} {
		polling := float64(team.apps) * idle(r, pollers[len(pollers)-1])
		way := team.gigabytes * architectures[0].perMillion(r, usual) / usual
		standard, infrequent := team.gigabytes*logsStandard.in[r], team.gigabytes*logsInfrequent.in[r]
		rest := stackMonth(r) + polling + way
		rows = append(rows, []string{fmt.Sprint(team.apps), fmt.Sprint(team.gigabytes), dollars(stackMonth(r)), dollars(polling),
			dollars(way), dollars(standard), "**" + dollars(rest+standard) + "**", dollars(rest + infrequent)})
	}
	return markdown(rows)
}
