package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// periodMinutes is the period of all metrics except the one that is measured once an hour. They have one data point a minute, some of which
// come late. Five minutes tell trouble from a hiccup that retries make up for.
const periodMinutes = 5

// measures are the metrics that show the health of the system. Those of the API cover all routes: per route, they would be custom metrics at
// $0.30 a month each, and compared to POST, the other routes have no traffic.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
type measures struct {
	requests, refusals, failures, latency            awscloudwatch.Metric // of the API: all answers, 4xx, 5xx; ms
	deadLetters, deadLettersAge                      awscloudwatch.Metric
	lag, stored, malformed, lost, moved              awscloudwatch.Metric // see the metrics in lib/stack
	lostPosts, oldestMessage                         awscloudwatch.Metric // likewise, of the drains function
	drainsErrors, drainsThrottles, drainsDuration    awscloudwatch.Metric
	storageErrors, storageThrottles, storageDuration awscloudwatch.Metric
	alertsErrors, alertsQueueAge                     awscloudwatch.Metric
	alertsNotSent, alertsFailed, alertsUnreadable    awscloudwatch.Metric // see the metrics in lib/stack
}

func newMeasures(api awsapigatewayv2.HttpApi, deadLetters, alertsQueue awssqs.Queue, drains, storage, alerts awslambda.Function,
	batches batchMetrics,
) measures {
	sum := measured(awscloudwatch.Stats_SUM())
	highest := measured(awscloudwatch.Stats_MAXIMUM())
	own := func(function awslambda.Function, name string, options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
		return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
			Namespace:     jsii.String(stack.MetricNamespace),
			MetricName:    jsii.String(name),
			DimensionsMap: &map[string]*string{stack.MetricDimension: function.FunctionName()},
			Statistic:     options.Statistic,
			Period:        options.Period,
		})
	}
	return measures{
		requests: api.MetricCount(sum),
		refusals: api.MetricClientError(sum),
		failures: api.MetricServerError(sum),
		latency:  api.MetricLatency(highest),

		deadLetters:    deadLetters.MetricApproximateNumberOfMessagesVisible(highest),
		deadLettersAge: deadLetters.MetricApproximateAgeOfOldestMessage(highest),

		lag:       batches.lag,
		stored:    batches.stored,
		malformed: own(storage, stack.MetricLinesMalformed, sum),
		lost:      own(storage, stack.MetricLinesLost, sum),
		moved:     own(storage, stack.MetricLinesMoved, sum),

		lostPosts: own(drains, stack.MetricPostsRefused, sum),
		oldestMessage: own(drains, stack.MetricOldestMessage, &awscloudwatch.MetricOptions{
			Statistic: awscloudwatch.Stats_MAXIMUM(), Period: awscdk.Duration_Minutes(jsii.Number(stack.QueueCheckInterval.Minutes())),
		}),

		drainsErrors:     drains.MetricErrors(sum),
		drainsThrottles:  drains.MetricThrottles(sum),
		drainsDuration:   drains.MetricDuration(highest),
		storageErrors:    storage.MetricErrors(sum),
		storageThrottles: storage.MetricThrottles(sum),
		storageDuration:  storage.MetricDuration(highest),

		alertsErrors:     alerts.MetricErrors(sum),
		alertsQueueAge:   alertsQueue.MetricApproximateAgeOfOldestMessage(highest),
		alertsNotSent:    own(storage, stack.MetricAlertsNotSent, sum),
		alertsFailed:     own(alerts, stack.MetricAlertsFailed, sum),
		alertsUnreadable: own(alerts, stack.MetricAlertsUnreadable, sum),
	}
}

func measured(statistic *string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: statistic, Period: awscdk.Duration_Minutes(jsii.Number(periodMinutes))}
}
