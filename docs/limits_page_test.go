package docs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/fleet"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/client/term"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// pageOfApps is how many apps Heroku lists with a request.
const pageOfApps = 200

// TestTablesOfLimits holds the table of runs against the numbers of requests that the verbs make, which their own tests count.
func TestTablesOfLimits(t *testing.T) {
	client, err := heroku.New(heroku.Config{Key: "any"}) // it knows of no request yet, so that all are left
	if err != nil {
		t.Fatal(err)
	}
	prices, _ := cost.In(cost.USEast1)
	var b strings.Builder
	b.WriteString("| apps | `list`, `doctor` | `sync` of new apps | `rotate` | idle polling, $ a month |\n|---|---|---|---|---|\n")
	for _, apps := range []int{100, 1000, 10_000, 100_000} {
		pages := (apps + pageOfApps - 1) / pageOfApps
		looking := apps*fleet.SurveyRequests + pages
		syncing := looking + apps*fleet.CreateRequests
		rotating := apps * (rotation.SurveyRequests + rotation.MoveRequests)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s to %s |\n", grouped(apps), cell(looking, client.Least(looking)),
			cell(syncing, max(client.Least(syncing), fleet.LeastPuts(apps))),
			cell(rotating, max(client.Least(rotating), rotation.LeastSurvey(apps)+rotation.LeastMoving(apps))),
			grouped(dollars(prices, cost.FewestPollers, apps)), grouped(dollars(prices, cost.MostPollers, apps)))
	}
	checkTables(t, "limits.md", []table{{name: "Runs over many apps", text: b.String()}})
}

// cell returns a cell with a number of requests, and how long they take at least.
func cell(requests int, least time.Duration) string {
	took := "seconds"
	if least >= time.Minute {
		took = term.Words(least)
	}
	return fmt.Sprintf("%s requests, %s", grouped(requests), took)
}

func dollars(prices *cost.Prices, pollers, apps int) int {
	return int(cost.Polls(pollers).Bill(prices).Dollars()*float64(apps) + 0.5)
}

// grouped writes a number with commas.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return grouped(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

// TestQuotas holds the computed figures of the table of quotas against the constants of the code.
func TestQuotas(t *testing.T) {
	const (
		streamsACall = 50 // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
		inFlight     = 120_000
		metricsACall = 500
	)
	page, rates := read(t, "limits.md"), awslocal.Rates()
	seconds := int(stack.DrainsTimeout / time.Second)
	for _, want := range []string{
		fmt.Sprintf("| %d calls a second, each with %d streams |", rates["logs DescribeLogStreams"], streamsACall),
		fmt.Sprintf("%s drains; at 0.1 s a call, %s,", grouped(seconds*rates["logs DescribeLogStreams"]*streamsACall), grouped(seconds*10*streamsACall)),
		fmt.Sprintf("from %d POSTs a second of one app on", inFlight/int(stack.QueueVisibilityTimeout/time.Second)),
		fmt.Sprintf("in flight for %d minutes", int(stack.QueueVisibilityTimeout/time.Minute)),
		fmt.Sprintf("| %d a second | no | %[1]d drains a second that are read, %d that are created.", rates["lambda"], rates["lambda"]/2),
		fmt.Sprintf("| %d drains a minute |", int(time.Minute/connect.LeastCalls(9))),
		fmt.Sprintf("throttle is %d a second for each route", stack.ManagementRate),
		fmt.Sprintf("FilterLogEvents* | %d a second", rates["logs FilterLogEvents"]),
		fmt.Sprintf("Publish* | %d a second", rates["sns Publish"]),
		fmt.Sprintf("the function's %d seconds", seconds),
		fmt.Sprintf("at 0.2 s a call, %s drains", grouped(seconds*5*metricsACall)),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("limits.md does not say %q", want)
		}
	}
}
