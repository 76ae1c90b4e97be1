package awslocal_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// oldest returns a query for the oldest message of a queue.
func oldest(id, queue string) types.MetricDataQuery {
	return types.MetricDataQuery{
		Id: &id,
		MetricStat: &types.MetricStat{
			Metric: &types.Metric{
				Namespace: aws.String("AWS/SQS"), MetricName: aws.String("ApproximateAgeOfOldestMessage"),
				Dimensions: []types.Dimension{{Name: aws.String("QueueName"), Value: &queue}},
			},
			Period: aws.Int32(300), Stat: aws.String("Maximum"),
		},
	}
}

func TestOldestMessageIsAMetric(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	queues, metrics := sqs.NewFromConfig(s.Config()), cloudwatch.NewFromConfig(s.Config())
	for _, name := range []string{"full", "empty", "received"} {
		created, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
		localtest.Must(t, err)
		if name != "empty" {
			_, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: created.QueueUrl, MessageBody: aws.String("m")})
			localtest.Must(t, err)
		}
		if name == "received" {
			_, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: created.QueueUrl, VisibilityTimeout: 43_200})
			localtest.Must(t, err)
		}
	}
	s.Advance(2 * time.Hour)
	out, err := metrics.GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
		StartTime: aws.Time(s.Now().Add(-20 * time.Minute)), EndTime: aws.Time(s.Now().Add(time.Second)),
		MetricDataQueries: []types.MetricDataQuery{oldest("a", "full"), oldest("b", "empty"), oldest("c", "received"), oldest("d", "missing")},
	})
	localtest.Must(t, err)
	for i, want := range []bool{true, false, true, false} {
		got := out.MetricDataResults[i]
		switch {
		case *got.Id != string(rune('a'+i)) || len(got.Values) != len(got.Timestamps) || (len(got.Values) == 1) != want:
			t.Errorf("result %d is %v at %v for %s", i, got.Values, got.Timestamps, *got.Id)
		case want && (got.Values[0] < 7200 || got.Values[0] > 7300 || s.Now().Sub(got.Timestamps[0]) > 5*time.Minute):
			t.Errorf("result %d: %.0f s at %s", i, got.Values[0], got.Timestamps[0])
		}
	}
}

// What was used is in metrics, minute by minute, with the dimensions and units of AWS.
func TestUsageIsInMetrics(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	queues, logs := sqs.NewFromConfig(s.Config()), cloudwatchlogs.NewFromConfig(s.Config())
	created, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q")})
	localtest.Must(t, err)
	_, err = logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")})
	localtest.Must(t, err)
	_, err = logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")})
	localtest.Must(t, err)
	start := s.Now()
	for range 2 {
		for _, body := range []string{"12345", "123"} {
			_, err = queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: created.QueueUrl, MessageBody: &body})
			localtest.Must(t, err)
		}
		_, err = logs.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: aws.String("g"), LogStreamName: aws.String("s"),
			LogEvents: []logtypes.InputLogEvent{{Timestamp: aws.Int64(s.Now().UnixMilli()), Message: aws.String("seven77")}},
		})
		localtest.Must(t, err)
		s.Advance(2 * time.Hour)
	}
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(start.Add(-time.Hour)), EndTime: aws.Time(s.Now())}
	for i, m := range []struct{ namespace, name, dimension, value string }{
		{"AWS/SQS", "NumberOfMessagesSent", "QueueName", "q"}, {"AWS/SQS", "SentMessageSize", "QueueName", "q"},
		{"AWS/Logs", "IncomingBytes", "LogGroupName", "g"}, {"AWS/Logs", "IncomingLogEvents", "LogGroupName", "g"},
		{"AWS/Lambda", "Invocations", "FunctionName", "none"}, {"AWS/SQS", "NumberOfEmptyReceives", "QueueName", "q"},
	} {
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
			Id: aws.String(fmt.Sprintf("m%d", i)),
			MetricStat: &types.MetricStat{
				Metric: &types.Metric{Namespace: &m.namespace, MetricName: &m.name, Dimensions: []types.Dimension{{Name: &m.dimension, Value: &m.value}}},
				Period: aws.Int32(3600), Stat: aws.String("Sum"),
			},
		})
	}
	out, err := cloudwatch.NewFromConfig(s.Config()).GetMetricData(t.Context(), in)
	localtest.Must(t, err)
	for i, want := range []float64{2, 8, 7, 1, 0, 0} {
		result, values := out.MetricDataResults[i], []float64{want, want}
		if want == 0 {
			values = nil
		}
		if !slices.Equal(result.Values, values) || len(result.Timestamps) != len(values) || want != 0 && result.Timestamps[0].Sub(result.Timestamps[1]) != 2*time.Hour {
			t.Errorf("metric %d: %v at %v", i, result.Values, result.Timestamps)
		}
	}
}

func TestGetMetricDataRejects(t *testing.T) {
	for _, test := range []struct {
		name, code string
		change     func(*cloudwatch.GetMetricDataInput)
	}{
		{"no time between start and end", "ValidationError", func(in *cloudwatch.GetMetricDataInput) { in.EndTime = in.StartTime }},
		{"more than 500 queries", "ValidationError", func(in *cloudwatch.GetMetricDataInput) {
			for i := range 500 {
				in.MetricDataQueries = append(in.MetricDataQueries, oldest(fmt.Sprintf("b%d", i), "q"))
			}
		}},
		{"an ID twice", "ValidationError", func(in *cloudwatch.GetMetricDataInput) {
			in.MetricDataQueries = append(in.MetricDataQueries, in.MetricDataQueries[0])
		}},
		{"an ID that begins with a capital", "ValidationError", func(in *cloudwatch.GetMetricDataInput) { in.MetricDataQueries[0].Id = aws.String("A") }},
		{"a period of 90 s", "ValidationError", func(in *cloudwatch.GetMetricDataInput) { in.MetricDataQueries[0].MetricStat.Period = aws.Int32(90) }},
		{"another metric", "InvalidParameterValue", func(in *cloudwatch.GetMetricDataInput) {
			in.MetricDataQueries[0].MetricStat.Metric.MetricName = aws.String("NumberOfMessagesDeleted")
		}},
		{"the maximum of a sum", "InvalidParameterValue", func(in *cloudwatch.GetMetricDataInput) {
			in.MetricDataQueries[0].MetricStat.Metric.MetricName = aws.String("NumberOfMessagesSent")
		}},
		{"another dimension", "InvalidParameterValue", func(in *cloudwatch.GetMetricDataInput) {
			in.MetricDataQueries[0].MetricStat.Metric.Dimensions[0].Name = aws.String("LogGroupName")
		}},
		{"a math expression", "InvalidParameterValue", func(in *cloudwatch.GetMetricDataInput) {
			in.MetricDataQueries[0].MetricStat, in.MetricDataQueries[0].Expression = nil, aws.String("1+1")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := localtest.StartAWS(t, awslocal.Options{})
			in := &cloudwatch.GetMetricDataInput{
				StartTime: aws.Time(s.Now().Add(-time.Hour)), EndTime: aws.Time(s.Now()), MetricDataQueries: []types.MetricDataQuery{oldest("a", "q")},
			}
			test.change(in)
			_, err := cloudwatch.NewFromConfig(s.Config()).GetMetricData(t.Context(), in)
			wantCode(t, err, test.code)
		})
	}
}
