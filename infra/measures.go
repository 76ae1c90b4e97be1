package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/lambda/metrics"
)

// periodMinutes is what all metrics are summed up over. They come by the minute, some of them late; five of them make the
// difference between a hiccup, which retries heal, and trouble.
const periodMinutes = 5

// measures are the metrics that tell how the system is. Those of the API are of all its routes: by route they would be
// custom metrics, at $0.30 each a month, and next to the POSTs the other routes have no traffic.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
type measures struct {
	requests, refusals, failures, latency            awscloudwatch.Metric // of the API: all answers, 4xx, 5xx
	deadLetters, deadLettersAge                      awscloudwatch.Metric
	lag, stored, malformed, rejected, moved          awscloudwatch.Metric // as lib/lambda/metrics says
	drainsErrors, drainsThrottles, drainsDuration    awscloudwatch.Metric
	storageErrors, storageThrottles, storageDuration awscloudwatch.Metric
}

func newMeasures(api awsapigatewayv2.HttpApi, deadLetters awssqs.Queue, drains, storage awslambda.Function) measures {
	sum := measured(awscloudwatch.Stats_SUM())
	highest := measured(awscloudwatch.Stats_MAXIMUM())
	own := func(name string, options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
		return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
			Namespace:     jsii.String(metrics.Namespace),
			MetricName:    jsii.String(name),
			DimensionsMap: &map[string]*string{metrics.Dimension: storage.FunctionName()},
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

		lag:       own(metrics.Lag, highest),
		stored:    own(metrics.LinesStored, sum),
		malformed: own(metrics.LinesMalformed, sum),
		rejected:  own(metrics.LinesRejected, sum),
		moved:     own(metrics.LinesMoved, sum),

		drainsErrors:     drains.MetricErrors(sum),
		drainsThrottles:  drains.MetricThrottles(sum),
		drainsDuration:   drains.MetricDuration(highest),
		storageErrors:    storage.MetricErrors(sum),
		storageThrottles: storage.MetricThrottles(sum),
		storageDuration:  storage.MetricDuration(highest),
	}
}

func measured(statistic *string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: statistic, Period: awscdk.Duration_Minutes(jsii.Number(periodMinutes))}
}
