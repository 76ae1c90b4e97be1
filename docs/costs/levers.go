package costs

import (
	"fmt"

	"heroku-drains/lib/insights"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/stack"
)

// platformLines is the approximate size of Lambda's own log lines for an invocation, in kB, with the system log level INFO.
const platformLines = 0.7

// claimWrites is how often the storage function writes the item of a message, of less than 1 KB: to claim it, and to mark it as stored.
const claimWrites = 2

// levers returns the settings that affect costs, and by how much.
func levers(r region) string {
	ours := architectures[0]
	perBatch := lambda(r, StorageMemoryMB, storageTime) + logged(r, batchLines).dollars
	oneByOne := ours.gateway.in[r] + lambda(r, IngestMemoryMB, ingestTime) + 3*sqsRequests.in[r] + logged(r, accessLine).dollars + perBatch
	kept := func(days float64) string { return fmt.Sprintf("$%.3f for %.0f days", logsStored.in[r]*days/30, days) }

	rows := [][]string{{"setting", "effect"}}
	add := func(setting, effect string, amounts ...any) {
		rows = append(rows, []string{setting, fmt.Sprintf(effect, amounts...)})
	}
	add("`logClass=infrequent-access`",
		"$%.2f less per GB; `logs` and test lines use queries, which cost $%.3f per GB that all apps stored in the time range; "+
			"metric filters and subscription filters do not work", logsStandard.in[r]-logsInfrequent.in[r], logsScanned.in[r])
	add("`retentionDays`",
		"storage per GB, at most, because it is compressed: %s, %s, %s", kept(7), kept(30), kept(365))
	add("number of drains",
		"$%.2f to $%.2f a month each", idle(r, 2), idle(r, 5))
	add("`maximumConcurrency`",
		"with any value, an idle app keeps 5 pollers and costs $%.2f instead of $%.2f a month; "+
			"there is no limit by default, because it would add $%.2f a month for 100 idle apps", idle(r, 5), idle(r, 2), 100*(idle(r, 5)-idle(r, 2)))
	add("`batchWindowSeconds`, `batchSize`",
		"a quiet app, whose POSTs are stored one by one, costs $%.2f per million POSTs instead of $%.2f; "+
			"a window, which collects several for each invocation, saves up to $%.2f of that", oneByOne, ours.perMillion(r, usual), perBatch*(1-1.0/BatchSize))
	dropping := AlertMonth{reports: million, invocations: million, updates: []updates{{count: million, size: QuietItem}}}
	add("`drop` in `alerts.yaml`",
		"$%.2f less per GB that is left out, but a million batches that are counted for that cost up to $%.2f: do not leave out what is a small part of "+
			"small batches", logsStandard.in[r], sum(dropping.shares(r))-sum(AlertMonths()[0].shares(r)))
	add("`ansi=strip`, `format`",
		"CloudWatch charges by length: color codes count, and [a JSON object is longer than its line](#the-two-formats): $%.2f more per GB",
		(billedBytes(logformat.JSON())-billedBytes(logformat.Text()))*logsStandard.in[r])
	add("`accessLog=false`",
		"$%.2f less per million POSTs, but no log shows who managed a drain", logged(r, accessLine).dollars)
	widgets := len(insights.Set{}.Widgets())
	add("`dashboard=false`",
		"$%.0f a month less for each of the %d dashboards that is beyond the account's three free ones; to open or refresh the apps' dashboard costs "+
			"$%.3f per GB that all apps stored in its time range, because each of its %d queries scans it",
		dashboard.in[r], Dashboards, float64(widgets)*logsScanned.in[r], widgets)
	errors, _ := stack.AppMetricsErrors.Count()
	all, _ := stack.AppMetricsAll.Count()
	add("`appMetrics=errors`, `appMetrics=all`",
		"%d and %d metrics for each app, at $%.2f each: up to $%.2f and $%.2f a month for an app; CloudWatch charges for the hours in which there is something to count",
		errors, all, customMetric.in[r], float64(errors)*customMetric.in[r], float64(all)*customMetric.in[r])
	add("`dedup=durable`",
		"$%.2f more per million POSTs, for the two writes to DynamoDB of each message; its table costs nothing while nothing arrives",
		claimWrites*writeUnits.in[r])
	add("system log level of the functions",
		"WARN; with INFO, Lambda's own lines would add $%.2f per million POSTs", platformLines*(1+1.0/BatchSize)*logsStandard.in[r])
	return markdown(rows)
}
