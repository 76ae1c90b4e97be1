package costs

import (
	"fmt"
	"time"

	"heroku-drains/lib/credential"
)

// Lambda polls an idle queue with 5 pollers, and after a while with 2, unless the mapping has a maximum concurrency.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
var pollers = []int{2, 5}

// perApp returns the cost of a drain that receives nothing: of polling its queue, and of checking how old its messages are.
func perApp() string {
	rows := [][]string{{"each app", "requests a month", "us-east-1", "eu-west-1"}}
	for _, n := range pollers {
		receives := fmt.Sprint(n * pollsPerMinute * minutesPerMonth)
		rows = append(rows, []string{fmt.Sprintf("%d pollers", n), receives, dollars(idle(usEast1, n)), dollars(idle(euWest1, n))})
	}
	rows = append(rows, []string{"hourly check for old messages", fmt.Sprint(int(ChecksPerMonth)), dollars(checks(usEast1)), dollars(checks(euWest1))})
	return markdown(rows)
}

// standing is a part of the stack that costs money even with few or no POSTs.
type standing struct {
	part  string
	count float64
	price price
	free  float64 // how many CloudWatch's permanent free tier covers, unless they are used elsewhere
}

// standingParts returns the parts of the stack with a monthly cost.
func standingParts() []standing {
	const keyVersions = 2 // the function reads the current and the previous version
	reads := keyVersions * minutesPerMonth * float64(time.Minute) / float64(credential.TTL)
	return []standing{
		{part: "signing key", count: 1, price: secret},
		{part: "reads of the signing key, 10,000 (one busy environment of the drains function)", count: reads / 10_000, price: secretCalls},
		{part: "polling of the alerts queue, million requests", count: float64(alertPollers*pollsPerMinute*minutesPerMonth) / million, price: sqsRequests},
		{part: "alarms", count: Alarms + AlertAlarms, price: alarm, free: 10},
		{part: "custom metrics, at most", count: CustomMetrics + AlertMetrics, price: customMetric, free: 10},
		{part: "dashboards", count: Dashboards, price: dashboard, free: 3},
	}
}

// perStack returns the monthly cost of a stack without drains.
func perStack(r region) string {
	rows := [][]string{{"part", "count", "each", "a month", "with CloudWatch's free tier"}}
	all, paid := 0.0, 0.0
	for _, s := range standingParts() {
		month, rest := s.count*s.price.in[r], max(0, s.count-s.free)*s.price.in[r]
		all, paid = all+month, paid+rest
		rows = append(rows, []string{s.part, fmt.Sprintf("%.3g", s.count), exact(s.price.in[r]), dollars(month), dollars(rest)})
	}
	return markdown(append(rows, []string{"**total**", "", "", "**" + dollars(all) + "**", "**" + dollars(paid) + "**"}))
}

// stackMonth returns the total of perStack, without free tiers.
func stackMonth(r region) float64 {
	sum := 0.0
	for _, s := range standingParts() {
		sum += s.count * s.price.in[r]
	}
	return sum
}

// bills returns monthly bills, with every app's queue polled at full speed all the time.
func bills(r region) string {
	rows := [][]string{{"apps", "GB a month", "stack", "idle apps", "POSTs", "CloudWatch ingest", "total", "total, IA"}}
	for _, team := range []struct {
		apps      int
		gigabytes float64
	}{{1, 1}, {10, 50}, {100, 1000}} {
		polling := float64(team.apps) * (idle(r, pollers[len(pollers)-1]) + checks(r))
		posts := team.gigabytes * architectures[0].perMillion(r, usual) / usual
		standard, infrequent := team.gigabytes*logsStandard.in[r], team.gigabytes*logsInfrequent.in[r]
		rest := stackMonth(r) + polling + posts
		rows = append(rows, []string{fmt.Sprint(team.apps), fmt.Sprint(team.gigabytes), dollars(stackMonth(r)), dollars(polling),
			dollars(posts), dollars(standard), "**" + dollars(rest+standard) + "**", dollars(rest + infrequent)})
	}
	return markdown(rows)
}
