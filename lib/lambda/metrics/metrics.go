// Package metrics writes what the functions count to their logs, in CloudWatch's embedded metric format: CloudWatch extracts the metrics
// from the log, so that no invocation waits for a call, and none needs a permission for one.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
//
// Lambda leaves lines alone that are JSON already, and takes a line without a level for INFO: at a higher application log level, the metrics
// would be lost. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
// The log group must have the Standard class. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
//
// There are only nine metrics, besides those by app that a stack can have, because each costs $0.30 a month, prorated by the hours in which it is
// sent. Most of them say that something failed. What every batch measures is in its log line, of which metric filters make metrics for free: see
// ledger.Filter. What SQS and Lambda count for free is not counted again: failed messages show in the age of a queue and in the dead-letter queue.
// Duplicates are harmless, and the log says how many there are.
// https://aws.amazon.com/cloudwatch/pricing/
package metrics

import (
	"slices"
	"time"

	"heroku-drains/lib/stack"
)

// Measures are metrics that are written together.
type Measures interface {
	metrics() []metric
}

// RefusedPosts is a number of POSTs that Heroku will not retry.
type RefusedPosts int

func (n RefusedPosts) metrics() []metric {
	return []metric{{stack.MetricPostsRefused, "Count", int64(n)}}
}

// OldestMessage is the age of the oldest message in the drains' queues; 0 if there is none.
type OldestMessage time.Duration

func (age OldestMessage) metrics() []metric {
	return []metric{{stack.MetricOldestMessage, "Seconds", int64(time.Duration(age).Seconds())}}
}

// Batch says what went wrong with the lines of one invocation. What every batch measures is in its log line: see ledger.Filter. The metrics of lib/stack have the units.
type Batch struct {
	Malformed, Moved, Lost int
	AlertsNotSent          int
}

// Alerts says what went wrong in an invocation of the alerts function. The metrics of lib/stack have the units.
type Alerts struct {
	Failed     int // messages that SQS delivers again
	Untold     int // notifications that the topic did not accept
	Unreadable int // messages that were deleted
}

// metrics returns those that are not zero: usually none.
func (a Alerts) metrics() []metric {
	return positive(
		metric{stack.MetricAlertsFailed, "Count", int64(a.Failed)},
		metric{stack.MetricNotificationsFailed, "Count", int64(a.Untold)},
		metric{stack.MetricAlertsUnreadable, "Count", int64(a.Unreadable)},
	)
}

// metric is one metric.
type metric struct {
	name, unit string
	value      int64
}

// metrics returns the metrics of the batch that are not zero: usually none. Alarms treat missing data as zero.
func (b Batch) metrics() []metric {
	return positive(
		metric{stack.MetricLinesMalformed, "Count", int64(b.Malformed)},
		metric{stack.MetricLinesLost, "Count", int64(b.Lost)},
		metric{stack.MetricLinesMoved, "Count", int64(b.Moved)},
		metric{stack.MetricAlertsNotSent, "Count", int64(b.AlertsNotSent)},
	)
}

// positive returns the metrics that are not zero.
func positive(all ...metric) []metric {
	return slices.DeleteFunc(all, func(m metric) bool { return m.value <= 0 })
}
