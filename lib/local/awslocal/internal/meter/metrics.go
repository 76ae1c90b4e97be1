package meter

import (
	"slices"
	"sync"
	"time"
)

// Metric is a metric that an AWS service publishes to CloudWatch.
type Metric struct {
	Namespace, Name  string
	Dimension, Value string // the only one
}

// The metrics that services publish here, each with AWS's page of it. SentMessageSize, IncomingBytes (without the 26 bytes of each event) and Duration (in
// milliseconds) have a sum, as the others.
const (
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
	QueueMetrics = "AWS/SQS"
	MessagesSent = "NumberOfMessagesSent"
	MessageSize  = "SentMessageSize"
	// EmptyReceives has no values here: Lambda has several pollers for each mapping, and this embedded AWS has one.
	EmptyReceives = "NumberOfEmptyReceives"

	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
	LogMetrics     = "AWS/Logs"
	IncomingBytes  = "IncomingBytes"
	IncomingEvents = "IncomingLogEvents"

	// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
	FunctionMetrics = "AWS/Lambda"
	InvocationCount = "Invocations"
	Duration        = "Duration"
)

// OfQueue returns a metric of a queue.
func OfQueue(name, queue string) Metric { return Metric{QueueMetrics, name, "QueueName", queue} }

// OfGroup returns a metric of a log group.
func OfGroup(name, group string) Metric { return Metric{LogMetrics, name, "LogGroupName", group} }

// OfFunction returns a metric of a function.
func OfFunction(name, function string) Metric {
	return Metric{FunctionMetrics, name, "FunctionName", function}
}

// IsPublished reports whether services publish metrics of this namespace, name and dimension.
func (m Metric) IsPublished() bool {
	m.Value = ""
	return slices.Contains([]Metric{
		OfQueue(MessagesSent, ""), OfQueue(MessageSize, ""), OfQueue(EmptyReceives, ""), OfGroup(IncomingBytes, ""), OfGroup(IncomingEvents, ""),
		OfFunction(InvocationCount, ""), OfFunction(Duration, ""),
	}, m)
}

// minutesKept is how many minutes of a metric are kept, about: "Data points with a period of 60 seconds (1-minute) are available for 15 days."
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
const minutesKept = 15 * 24 * 60

// series are the sums of each minute, by metric. They are not kept over a restart.
type series struct {
	mu   sync.Mutex
	sums map[Metric][]minuteSum // in order
}

type minuteSum struct {
	minute int64 // since 1970
	sum    float64
}

// Publish adds to the sum of a metric.
func (m *Meter) Publish(at time.Time, metric Metric, value float64) {
	if m == nil {
		return
	}
	m.series.mu.Lock()
	defer m.series.mu.Unlock()
	if m.series.sums == nil {
		m.series.sums = make(map[Metric][]minuteSum)
	}
	minutes := m.series.sums[metric]
	minute, last := at.Unix()/60, len(minutes)-1
	if last >= 0 && minute <= minutes[last].minute { // what ends in the next minute may be published before
		minutes[last].sum += value
		return
	}
	if len(minutes) >= minutesKept {
		minutes = minutes[1:]
	}
	m.series.sums[metric] = append(minutes, minuteSum{minute, value})
}

// Sum is the sum of a metric in a period.
type Sum struct {
	At    time.Time // the period's start
	Value float64
}

// Sums returns the sums of the periods that begin in [start, end), the latest first. Periods without values are left out.
func (m *Meter) Sums(metric Metric, start, end time.Time, period time.Duration) []Sum {
	if m == nil {
		return nil
	}
	m.series.mu.Lock()
	defer m.series.mu.Unlock()
	var sums []Sum
	for _, m := range slices.Backward(m.series.sums[metric]) {
		at := time.Unix(m.minute*60, 0).Truncate(period)
		switch last := len(sums) - 1; {
		case at.Before(start) || !at.Before(end):
		case last >= 0 && sums[last].At.Equal(at):
			sums[last].Value += m.sum
		default:
			sums = append(sums, Sum{at, m.sum})
		}
	}
	return sums
}
