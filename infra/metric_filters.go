package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

// batchMetrics are made of the lines that the storage function logs, one for each batch.
type batchMetrics struct{ lag, stored awscloudwatch.Metric }

// newBatchMetrics declares the metric filters of the storage function's log, and returns their metrics. Metric filters need a log group of the class
// Standard, which the function's own is.
func newBatchMetrics(scope awscdk.Stack, s settings, storage awslambda.Function) batchMetrics {
	namespace := stack.BatchNamespace(s.stackName.StorageFunction())
	declare := func(name string, f ledger.Filter, unit awscloudwatch.Unit, options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
		filter := awslogs.NewMetricFilter(scope, jsii.String(name+"Filter"), &awslogs.MetricFilterProps{
			LogGroup:        storage.LogGroup(),
			FilterPattern:   awslogs.FilterPattern_Literal(jsii.String(f.Pattern)),
			MetricNamespace: jsii.String(namespace),
			MetricName:      jsii.String(name),
			MetricValue:     jsii.String("$." + f.Member),
			Unit:            unit,
		})
		return filter.Metric(options)
	}
	return batchMetrics{
		lag:    declare(stack.MetricLag, ledger.LineLagFilter(), awscloudwatch.Unit_MILLISECONDS, measured(awscloudwatch.Stats_MAXIMUM())),
		stored: declare(stack.MetricLinesStored, ledger.StoredFilter(), awscloudwatch.Unit_COUNT, measured(awscloudwatch.Stats_SUM())),
	}
}
