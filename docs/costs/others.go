package costs

import (
	"fmt"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/cost"
)

// service is a log service that Heroku apps use, at list price.
type service struct {
	name   string
	plan   string
	perGB  float64
	source string
	date   string
	doubt  string // what could not be verified
}

// services returns log services for comparison. Their prices cover search and some days of retention, which CloudWatch charges extra.
func services() []service {
	const fixa, fixaGB = 7.0, 0.05 * 30 // dollars a month, and the GB that it includes
	const ingested, indexed = 0.10, 1.70
	return []service{
		{
			name: "Papertrail, add-on", plan: "Fixa: $7 a month with 50 MB a day", perGB: fixa / fixaGB,
			source: "https://elements.heroku.com/addons/papertrail", date: "2026-11", doubt: "as commonly quoted, not read on that page",
		},
		{
			name: "Datadog Logs", plan: "$0.10 per GB, and $1.70 per million lines kept for 15 days", perGB: ingested + indexed*linesPerGB()/million,
			source: "https://www.datadoghq.com/pricing/", date: "2026-09-20", doubt: "read in a vendor's page that cites it; prices with an annual contract",
		},
	}
}

// linesPerGB returns how many lines of simulated traffic make a GB.
func linesPerGB() float64 {
	const lines = 10_000
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	generator := simulate.New("shop", 1)
	bytes := 0
	for range lines {
		bytes += len(generator.Next(at))
	}
	return lines * 1e9 / float64(bytes)
}

// others returns what other services charge for a GB.
func others(p *cost.Prices) string {
	rows := [][]string{{"service", "plan", "$ per GB", "source", "date", "unverified"}}
	stack := architectures[0]
	rows = append(rows, []string{
		"**this stack**", fmt.Sprintf("pipeline and CloudWatch's ingest, %d kB per POST", usual), dollars(stack.perGB(p, usual, p.LogsStandard)), "[above](#each-gb-in-total)", "", "",
	})
	for _, s := range services() {
		rows = append(rows, []string{s.name, s.plan, dollars(s.perGB), s.source, s.date, s.doubt})
	}
	return markdown(rows)
}
