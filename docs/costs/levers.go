package costs

import "fmt"

// platformLines is about what Lambda's own lines about an invocation take in the function's log, in kB, when its system log
// level is INFO.
const platformLines = 0.7

// levers are the settings that move costs, and by how much.
func levers(r region) string {
	stack := architectures[0]
	perBatch := lambda(r, StorageMemoryMB, storageTime) + logged(r, batchLines).dollars
	oneByOne := stack.gateway.in[r] + lambda(r, IngestMemoryMB, ingestTime) + 3*sqsRequests.in[r] + logged(r, accessLine).dollars + perBatch
	kept := func(days float64) string { return fmt.Sprintf("$%.3f for %.0f days", logsStored.in[r]*days/30, days) }

	rows := [][]string{{"what", "moves"}}
	add := func(what, moves string, amounts ...any) {
		rows = append(rows, []string{what, fmt.Sprintf(moves, amounts...)})
	}
	add("`logClass=infrequent-access`",
		"$%.2f less per GB. But `logs`, metric filters and subscription filters do not work on it", logsStandard.in[r]-logsInfrequent.in[r])
	add("`retentionDays`",
		"what a GB costs while it is kept, at most, for it is compressed: %s, %s, %s", kept(7), kept(30), kept(365))
	add("how many drains there are",
		"$%.2f to $%.2f a month each", idle(r, 2), idle(r, 5))
	add("`maximumConcurrency`",
		"any value keeps an idle app's pollers at 5: $%.2f instead of $%.2f a month", idle(r, 5), idle(r, 2))
	add("`batchWindowSeconds`, `batchSize`",
		"a quiet app, whose POSTs are stored one by one, pays $%.2f per million POSTs instead of $%.2f. "+
			"A window puts several into one invocation: $%.2f of it at most", oneByOne, stack.perMillion(r, usual), perBatch*(1-1.0/BatchSize))
	add("`ansi=strip`, `format`",
		"stored lines are paid by their length: colour codes count, and a JSON object is longer than the line it is made of")
	add("`accessLog=false`",
		"$%.2f less per million POSTs. But nothing shows then who managed a drain", logged(r, accessLine).dollars)
	add("`dashboard=true`",
		"$%.0f a month, after an account's first three", dashboard.in[r])
	add("the functions' system log level",
		"is WARN. At INFO, Lambda's own lines would add $%.2f per million POSTs", platformLines*(1+1.0/BatchSize)*logsStandard.in[r])
	return markdown(rows)
}
