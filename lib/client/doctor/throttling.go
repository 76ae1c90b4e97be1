package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"heroku-drains/lib/client/plural"
)

// metricsAPI is the part of CloudWatch that is used here: *cloudwatch.Client implements it.
type metricsAPI interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

// throttlingPeriod is how far back throttling is counted.
const throttlingPeriod = time.Hour

// limit is a metric that counts throttled calls.
type limit struct {
	what       string // what was throttled
	fix        string
	namespace  string
	name       string
	dimensions []types.Dimension
}

// limits returns Lambda's limits for the functions, and the limit of CloudWatch Logs for the account.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html
func limits(functions []string) []limit {
	var all []limit
	for _, function := range functions {
		all = append(all, limit{
			what:      "Lambda throttled the function " + function,
			fix:       "request more concurrent executions (Service Quotas), or find out what uses them",
			namespace: "AWS/Lambda", name: "Throttles", dimensions: []types.Dimension{dimension("FunctionName", function)},
		})
	}
	return append(all, limit{
		what:      "CloudWatch Logs throttled PutLogEvents in this account",
		fix:       "request a higher quota for PutLogEvents (Service Quotas), or make fewer calls with larger batches (put --batch-window-seconds)",
		namespace: "AWS/Usage", name: "ThrottleCount",
		dimensions: []types.Dimension{
			dimension("Service", "Logs"), dimension("Type", "API"), dimension("Resource", "PutLogEvents"), dimension("Class", "None"),
		},
	})
}

func dimension(name, value string) types.Dimension {
	return types.Dimension{Name: &name, Value: &value}
}

// throttling checks whether AWS throttled calls in the last hour. Throttled calls are retried, so lines are late but not lost.
func (e examiner) throttling(ctx context.Context, client metricsAPI, functions []string, now time.Time) []Finding {
	all := limits(functions)
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(now.Add(-throttlingPeriod)), EndTime: &now}
	for i, l := range all {
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
			Id: aws.String(fmt.Sprintf("m%d", i)),
			MetricStat: &types.MetricStat{
				Metric: &types.Metric{Namespace: &l.namespace, MetricName: &l.name, Dimensions: l.dimensions},
				Period: aws.Int32(int32(throttlingPeriod.Seconds())), Stat: aws.String("Sum"),
			},
		})
	}
	sums := map[string]float64{}
	pages := cloudwatch.NewGetMetricDataPaginator(client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return []Finding{e.failed(Finding{Check: CheckThrottling, Fix: "try again"}, "read the throttling metrics", err)}
		}
		for _, result := range page.MetricDataResults {
			for _, value := range result.Values {
				sums[aws.ToString(result.Id)] += value
			}
		}
	}
	var findings []Finding
	for i, l := range all {
		if n := sums[fmt.Sprintf("m%d", i)]; n > 0 {
			findings = append(findings, Finding{
				Severity: Warning, Check: CheckThrottling, What: fmt.Sprintf("%s %s in the last hour", l.what, plural.Count(int(n), "time")), Fix: l.fix,
			})
		}
	}
	return findings
}
