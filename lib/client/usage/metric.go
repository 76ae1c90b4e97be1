package usage

import "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

// The metrics that are read, by their names.
const (
	requests = "Count" // of an HTTP API; it needs no detailed metrics. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html

	// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
	invocations = "Invocations"
	duration    = "Duration" // milliseconds

	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
	sent          = "NumberOfMessagesSent"
	sentBytes     = "SentMessageSize"
	emptyReceives = "NumberOfEmptyReceives"

	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
	incomingBytes  = "IncomingBytes"
	incomingEvents = "IncomingLogEvents"
)

// metric is a metric of an API, a function, a queue or a log group.
type metric struct{ name, of string }

// input returns the metric as CloudWatch names it.
func (m metric) input() *types.Metric {
	namespace, dimension := "AWS/Logs", "LogGroupName"
	switch m.name {
	case requests:
		namespace, dimension = "AWS/ApiGateway", "ApiId"
	case invocations, duration:
		namespace, dimension = "AWS/Lambda", "FunctionName"
	case sent, sentBytes, emptyReceives:
		namespace, dimension = "AWS/SQS", "QueueName"
	}
	return &types.Metric{Namespace: &namespace, MetricName: &m.name, Dimensions: []types.Dimension{{Name: &dimension, Value: &m.of}}}
}

// metrics returns all metrics that are read.
func (r *Reader) metrics(apps []string) []metric {
	var all []metric
	add := func(of string, names ...string) {
		for _, name := range names {
			if of != "" {
				all = append(all, metric{name, of})
			}
		}
	}
	add(apiID(r.Outputs.APIURL), requests)
	for _, function := range []string{r.Outputs.DrainsFunction, r.Outputs.StorageFunction, r.Outputs.AlertsFunction} {
		add(function, invocations, duration)
	}
	for _, group := range append(r.ownLogs(), r.Outputs.LogGroup) {
		add(group, incomingBytes, incomingEvents)
	}
	add(r.alertsQueue(), sent, emptyReceives)
	for _, app := range apps {
		add(r.Outputs.QueuePrefix+app, sent, sentBytes, emptyReceives)
	}
	return all
}
