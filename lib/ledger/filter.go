package ledger

// LineLagMember is a member of a batch's log line: the longest time, in milliseconds, from a stored line's own time until it was stored. A line
// whose time is ahead counts as 0. The member is missing if no stored line has a time of its own.
const LineLagMember = "line_lag_ms"

// Filter is a metric filter of CloudWatch Logs for the storage function's own log: it makes a metric of each batch. It costs nothing, while a line
// in the embedded metric format would cost as much as the log line of the batch itself.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
type Filter struct {
	Pattern string // which log lines
	Member  string // the value, a member of the log line
}

// StoredFilter counts the lines that were stored.
func StoredFilter() Filter { return filter(storedField, "> 0") }

// LineLagFilter measures how old lines are when they are stored, in milliseconds.
func LineLagFilter() Filter { return filter(LineLagMember, ">= 0") }

func filter(member, condition string) Filter {
	return Filter{Pattern: `{ $.message = "` + BatchDone + `" && $.` + member + " " + condition + " }", Member: member}
}
