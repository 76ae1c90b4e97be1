package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Metrics reads metrics: a cloudwatch.Client.
type Metrics interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

// throttlingTime is how far back throttling is of interest.
const throttlingTime = time.Hour

// limit is a metric that counts what AWS throttled, and what to do about it.
type limit struct {
	what, fix  string
	namespace  string
	name       string
	dimensions []types.Dimension
}

// limits are Lambda's of the functions, and CloudWatch Logs' of the account.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html
func limits(functions []string) []limit {
	var all []limit
	for _, function := range functions {
		all = append(all, limit{
			what:      "Lambda throttled the function " + function,
			fix:       "ask AWS for more concurrent executions (Service Quotas), or find who uses them up",
			namespace: "AWS/Lambda", name: "Throttles", dimensions: []types.Dimension{dimension("FunctionName", function)},
		})
	}
	return append(all, limit{
		what:      "CloudWatch Logs throttled PutLogEvents in this account",
		fix:       "ask AWS for a higher quota of PutLogEvents (Service Quotas); larger batches make fewer calls (put --batch-window-seconds)",
		namespace: "AWS/Usage", name: "ThrottleCount",
		dimensions: []types.Dimension{
			dimension("Service", "Logs"), dimension("Type", "API"), dimension("Resource", "PutLogEvents"), dimension("Class", "None"),
		},
	})
}

func dimension(name, value string) types.Dimension {
	return types.Dimension{Name: &name, Value: &value}
}

// Throttling looks for throttles of the last hour. What is throttled comes again, so that it is late rather than lost.
func (d Doctor) Throttling(ctx context.Context, client Metrics, functions []string, now time.Time) []Finding {
	all := limits(functions)
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(now.Add(-throttlingTime)), EndTime: &now}
	for i, l := range all {
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
			Id: aws.String(fmt.Sprintf("m%d", i)),
			MetricStat: &types.MetricStat{
				Metric: &types.Metric{Namespace: &l.namespace, MetricName: &l.name, Dimensions: l.dimensions},
				Period: aws.Int32(int32(throttlingTime.Seconds())), Stat: aws.String("Sum"),
			},
		})
	}
	sums := map[string]float64{}
	pages := cloudwatch.NewGetMetricDataPaginator(client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return []Finding{failed("throttling", "look for throttles", err, "try again")}
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
			findings = append(findings, Finding{Warning, "throttling", "", fmt.Sprintf("%s %.0f times in the last hour", l.what, n), l.fix})
		}
	}
	return findings
}
