package matrix

import "slices"

// Rows returns all rows, in the order of the table.
func Rows() []Row {
	return slices.Concat(calmRows(), queueRows(), logsRows(), functionRows(), killRows(), resourceRows(), pairRows(), durableRows())
}

// Why lines may be stored twice without durable deduplication: see docs/architecture.md.
const (
	copyElsewhere = "Logplex or the function sends a copy, and another instance of the storage function gets it, which does not know the first"
	cutOff        = "SQS is back when the function has waited for 4 s, gets the message, and the function answers 503, so that Logplex sends a copy"
	putUnknown    = "CloudWatch Logs has stored the lines, but the function does not learn it, and stores them again"
	redelivered   = "SQS delivers messages again that are stored, and another instance of the storage function gets them"
	partly        = "a message that takes several calls is partly stored, and another instance of the storage function gets it"
	killedAfter   = "the lines are stored when the function is killed, before anything says so; SQS delivers them to another instance"
)

// Why Logplex may drop lines, which no drain can prevent.
const (
	threeTries = "Logplex gives up after three tries"
	gone       = "POSTs for a drain that is gone are answered with 404, which Logplex takes for final"
)
