package watch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/stack"
)

const (
	// maxQueries is how many metrics one GetMetricData call returns.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
	maxQueries = 500
	// agePeriod is the period of the metric, and ageWindow how far back it is looked for: SQS reports it once a minute, some minutes late.
	agePeriod = 5 * time.Minute
	ageWindow = 4 * agePeriod
	// maxNamed is the maximum number of queues with old messages that the log names.
	maxNamed = 20
)

// CheckQueues writes the metric MetricOldestMessage, and logs the queues whose oldest message should have been stored.
//
// Only CloudWatch knows the age of the oldest message in a queue, as a metric of each queue. An alarm cannot watch those of all queues of a
// stack: it takes ten metrics or a query, and a query cannot select by prefix, sees tags only in accounts that have turned that on, and costs
// as much as an alarm for each queue. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
func (w *Watcher) CheckQueues(ctx context.Context) error {
	names, err := w.queues(ctx)
	if err != nil {
		return err
	}
	var oldest time.Duration
	var late []string
	for chunk := range slices.Chunk(names, maxQueries) {
		ages, err := w.ages(ctx, chunk)
		if err != nil {
			return fmt.Errorf("read the age of the oldest message of %d queues: %w", len(chunk), err)
		}
		for i, age := range ages {
			oldest = max(oldest, age)
			if age >= stack.OldMessage {
				late = append(late, chunk[i])
			}
		}
	}
	if len(late) > 0 {
		w.Log.WarnContext(ctx, "messages are not stored", "queues", late[:min(len(late), maxNamed)], "queue_count", len(late),
			"oldest_seconds", int(oldest.Seconds()))
	}
	return w.Metrics.Write(w.Now(), metrics.OldestMessage(oldest))
}

// ages returns the age of the oldest message in each queue. It is 0 for empty queues, which have no such metric.
func (w *Watcher) ages(ctx context.Context, queues []string) ([]time.Duration, error) {
	now := w.Now()
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(now.Add(-ageWindow)), EndTime: &now}
	index := map[string]int{} // by the ID of the query
	for i, name := range queues {
		id := fmt.Sprintf("q%d", i)
		index[id] = i
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
			Id: &id,
			MetricStat: &types.MetricStat{
				Metric: &types.Metric{
					Namespace: aws.String("AWS/SQS"), MetricName: aws.String("ApproximateAgeOfOldestMessage"),
					Dimensions: []types.Dimension{{Name: aws.String("QueueName"), Value: &name}},
				},
				Period: aws.Int32(int32(agePeriod.Seconds())), Stat: aws.String("Maximum"),
			},
		})
	}
	ages, seen := make([]time.Duration, len(queues)), map[string]bool{}
	pages := cloudwatch.NewGetMetricDataPaginator(w.CloudWatch, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, result := range page.MetricDataResults {
			id := aws.ToString(result.Id)
			if len(result.Values) == 0 || seen[id] {
				continue
			}
			seen[id] = true // the latest value comes first
			ages[index[id]] = time.Duration(result.Values[0] * float64(time.Second))
		}
	}
	return ages, nil
}
