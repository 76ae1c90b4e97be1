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
	saved := logsStandard.in[r] - logsInfrequent.in[r]
	kept := func(days float64) string { return fmt.Sprintf("$%.3f for %.0f days", logsStored.in[r]*days/30, days) }
	return markdown([][]string{
		{"what", "moves"},
		{"`logClass=infrequent-access`", fmt.Sprintf("$%.2f less per GB. But `logs`, metric filters and subscription filters do not work on it", saved)},
		{"`retentionDays`", "what a GB costs while it is kept, at most, for it is compressed: " + kept(7) + ", " + kept(30) + ", " + kept(365)},
		{"how many drains there are", fmt.Sprintf("$%.2f to $%.2f a month each", idle(r, 2), idle(r, 5))},
		{"`maximumConcurrency`", fmt.Sprintf("any value keeps an idle app's pollers at 5: $%.2f instead of $%.2f a month", idle(r, 5), idle(r, 2))},
		{"`batchWindowSeconds`, `batchSize`", fmt.Sprintf("a quiet app, whose POSTs are stored one by one, pays $%.2f per million POSTs instead of $%.2f. "+
			"A window puts several into one invocation: $%.2f of it at most", oneByOne, stack.perMillion(r, usual), perBatch*(1-1.0/BatchSize))},
		{"`ansi=strip`, `format`", "stored lines are paid by their length: colour codes count, and a JSON object is longer than the line it is made of"},
		{"`accessLog=false`", fmt.Sprintf("$%.2f less per million POSTs. But nothing shows then who managed a drain", logged(r, accessLine).dollars)},
		{"`dashboard=true`", fmt.Sprintf("$%.0f a month, after an account's first three", dashboard.in[r])},
		{"the functions' system log level", fmt.Sprintf("is WARN. At INFO, Lambda's own lines would add $%.2f per million POSTs",
			platformLines*(1+1.0/BatchSize)*logsStandard.in[r])},
	})
}
