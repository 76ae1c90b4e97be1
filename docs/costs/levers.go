package costs

import (
	"fmt"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/insights"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/stack"
)

// platformLines is the approximate size of Lambda's own log lines for an invocation, in bytes, with the system log level INFO.
const platformLines = 700

// levers returns the settings that affect costs, and by how much.
func levers(p *cost.Prices) string {
	ours := architectures[0]
	perBatch := cost.Usage{Storage: cost.Run(million, stack.StorageMemoryMB, cost.StorageTime), OwnLogBytes: million * cost.BatchLine}.Bill(p).Dollars()
	oneByOne := cost.Posts(million, usual*1000, 1).Bill(p).Dollars()
	kept := func(days float64) string { return fmt.Sprintf("$%.3f for %.0f days", p.LogsKept.Dollars*days/30, days) }

	idle := func(pollers int) float64 { return cost.Polls(pollers).Bill(p).Dollars() }
	check := cost.Checks().Bill(p).Dollars()

	rows := [][]string{{"setting", "effect"}}
	add := func(setting, effect string, amounts ...any) {
		rows = append(rows, []string{setting, fmt.Sprintf(effect, amounts...)})
	}
	add("`logClass=infrequent-access`",
		"$%.2f less per GB; `logs` and test lines use queries, which cost $%.3f per GB that all apps stored in the time range; "+
			"metric filters and subscription filters do not work", p.LogsStandard.Dollars-p.LogsInfrequent.Dollars, p.LogsScanned.Dollars)
	add("`retentionDays`",
		"storage per GB, at most, because it is compressed: %s, %s, %s", kept(7), kept(30), kept(365))
	add("number of drains",
		"$%.2f to $%.2f a month each", idle(cost.FewestPollers)+check, idle(cost.MostPollers)+check)
	add("`maximumConcurrency`",
		"with any value, an idle app keeps 5 pollers and costs $%.2f instead of $%.2f a month; "+
			"by default, concurrency is not limited, because that would add $%.2f a month for 100 idle apps", idle(cost.MostPollers), idle(cost.FewestPollers), 100*(idle(cost.MostPollers)-idle(cost.FewestPollers)))
	add("`batchWindowSeconds`, `batchSize`",
		"a quiet app, whose POSTs are stored one by one, costs $%.2f per million POSTs instead of $%.2f; "+
			"a window, which collects several for each invocation, saves up to $%.2f of that", oneByOne, ours.perMillion(p, usual), perBatch*(1-1.0/cost.BatchSize))
	dropping := cost.Alerts{Apps: alertApps, Reports: million, Invocations: million, Updates: []cost.Updates{{Count: million, Size: cost.QuietItem}}}
	add("`drop` in `alerts.yaml`",
		"$%.2f less per GB that is left out, but a million batches that are counted for that cost up to $%.2f: do not leave out what is a small part of "+
			"small batches", p.LogsStandard.Dollars, dropping.Usage().Bill(p).Dollars()-AlertMonths()[0].Usage().Bill(p).Dollars())
	add("`ansi=strip`, `format`",
		"CloudWatch charges by length: color codes count, and [a JSON object is longer than its line](#the-two-formats): $%.2f more per GB",
		(BilledBytes(logformat.JSON())-BilledBytes(logformat.Text()))*p.LogsStandard.Dollars)
	add("`accessLog=false`",
		"$%.2f less per million POSTs, but no log shows who managed a drain", logged(p, cost.AccessLine))
	widgets := len(insights.Set{}.Widgets())
	add("`dashboard=false`",
		"$%.0f a month less for each of the %d dashboards that is beyond the account's three free ones; to open or refresh the apps' dashboard costs "+
			"$%.3f per GB that all apps stored in its time range, because each of its %d queries scans it",
		p.Dashboard.Dollars, cost.Dashboards, float64(widgets)*p.LogsScanned.Dollars, widgets)
	errors, _ := stack.AppMetricsErrors.Count()
	all, _ := stack.AppMetricsAll.Count()
	add("`appMetrics=errors`, `appMetrics=all`",
		"%d and %d metrics for each app, at $%.2f each: up to $%.2f and $%.2f a month for an app; CloudWatch charges for the hours in which there is something to count",
		errors, all, p.CustomMetric.Dollars, float64(errors)*p.CustomMetric.Dollars, float64(all)*p.CustomMetric.Dollars)
	add("`dedup=durable`",
		"$%.2f more per million POSTs, for the two writes to DynamoDB of each message; its table costs nothing while nothing arrives",
		cost.Claims(million).Bill(p).Dollars())
	add("system log level of the functions",
		"WARN; with INFO, Lambda's own lines would add $%.2f per million POSTs", logged(p, platformLines*(1+1.0/cost.BatchSize)))
	return markdown(rows)
}
