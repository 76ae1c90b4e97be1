// Package metrics writes what the storage function counts as lines of its log in CloudWatch's Embedded Metric Format: CloudWatch reads
// the metrics out of the log, so that no invocation waits for a call, and no permission is needed for one.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
//
// Lambda passes on as it is what is JSON already, and takes a line without a level for INFO: at a higher application log level the
// metrics would be gone. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
// The log's group has to be of the Standard class. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
//
// There are five metrics, because each costs $0.30 a month, by the hours it is sent in. What SQS and Lambda count for nothing is not
// counted again: failed messages show in a queue's age and in the dead-letter queue. Duplicates are no trouble; the log has their number.
// https://aws.amazon.com/cloudwatch/pricing/
package metrics

import "time"

// Namespace holds all metrics.
const Namespace = "HerokuDrains"

// Dimension is the only dimension. Its value is the storage function's name, so that two stacks of one account do not mix.
const Dimension = "FunctionName"

// The metrics, by invocation of the storage function. An alarm on any but Lag looks at their sum, and takes missing data for none.
const (
	LinesStored    = "LinesStored"    // count: of events; a line that one event cannot hold is several
	LinesMalformed = "LinesMalformed" // count: stored pieces of bodies that are no log lines
	LinesRejected  = "LinesRejected"  // count: of events that CloudWatch Logs turned down for their time; these lines are lost
	LinesMoved     = "LinesMoved"     // count: stored lines whose time CloudWatch would turn down, stored at another
	Lag            = "Lag"            // milliseconds, the largest of a batch: from a line's own time to its being stored; never negative
)

// Batch is what became of one invocation's lines.
type Batch struct {
	Stored, Malformed, Rejected, Moved int
	Lag                                *time.Duration // nil: none of the stored lines had a time of its own, unmoved
}

// metric is a value of a batch on its way into a line.
type metric struct {
	name, unit string
	value      int64
}

// metrics are those that the batch has. None is sent for what there was none of: alarms take missing data for zero, and it costs nothing.
// A Lag of zero is a measurement.
func (b Batch) metrics() []metric {
	var all []metric
	for _, m := range []metric{
		{LinesStored, "Count", int64(b.Stored)},
		{LinesMalformed, "Count", int64(b.Malformed)},
		{LinesRejected, "Count", int64(b.Rejected)},
		{LinesMoved, "Count", int64(b.Moved)},
	} {
		if m.value > 0 {
			all = append(all, m)
		}
	}
	if b.Lag != nil {
		all = append(all, metric{Lag, "Milliseconds", max(0, b.Lag.Milliseconds())})
	}
	return all
}
