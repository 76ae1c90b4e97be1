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

import (
	"time"

	"heroku-drains/lib/stack"
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
		{stack.MetricLinesStored, "Count", int64(b.Stored)},
		{stack.MetricLinesMalformed, "Count", int64(b.Malformed)},
		{stack.MetricLinesRejected, "Count", int64(b.Rejected)},
		{stack.MetricLinesMoved, "Count", int64(b.Moved)},
	} {
		if m.value > 0 {
			all = append(all, m)
		}
	}
	if b.Lag != nil {
		all = append(all, metric{stack.MetricLag, "Milliseconds", max(0, b.Lag.Milliseconds())})
	}
	return all
}
