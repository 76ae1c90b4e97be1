package awslocal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// fill stores lines of 200 bytes in 10 streams.
func fill(b *testing.B, s *awslocal.Server, lines int) {
	b.Helper()
	client := logs.NewFromConfig(s.Config())
	_, err := client.CreateLogGroup(b.Context(), &logs.CreateLogGroupInput{LogGroupName: aws.String(groupName)})
	localtest.Must(b, err)
	const streams, batch = 10, 1000
	start := s.Now().Add(-time.Hour)
	for n := range lines / batch {
		stream := fmt.Sprint("[APP]app-", n%streams)
		if n < streams {
			_, err := client.CreateLogStream(b.Context(), &logs.CreateLogStreamInput{LogGroupName: aws.String(groupName), LogStreamName: &stream})
			localtest.Must(b, err)
		}
		var events []types.InputLogEvent
		for i := range batch {
			events = append(events, event(start.Add(time.Duration(n*batch+i)*time.Millisecond), fmt.Sprintf("%0200d", n*batch+i)))
		}
		_, err := client.PutLogEvents(b.Context(), &logs.PutLogEventsInput{LogGroupName: aws.String(groupName), LogStreamName: &stream, LogEvents: events})
		localtest.Must(b, err)
	}
}

// BenchmarkStart starts an embedded AWS: a new one in memory, and one whose data folder has lines.
func BenchmarkStart(b *testing.B) {
	for _, lines := range []int{-1, 0, 100_000, 1_000_000} {
		name := fmt.Sprint(lines, " lines")
		opts := awslocal.Options{}
		if lines < 0 {
			name = "in memory"
		} else {
			opts.Data = b.TempDir()
		}
		b.Run(name, func(b *testing.B) {
			if lines > 0 {
				opts.Data = b.TempDir()
				s, err := awslocal.Start(opts)
				localtest.Must(b, err)
				fill(b, s, lines)
				localtest.Must(b, s.Close())
			}
			for b.Loop() {
				s, err := awslocal.Start(opts)
				localtest.Must(b, err)
				b.StopTimer()
				localtest.Must(b, s.Close())
				b.StartTimer()
			}
		})
	}
}

// BenchmarkCalls makes the calls of a POST with and without a data folder: a message is sent, received and deleted, and 50 lines are stored.
func BenchmarkCalls(b *testing.B) {
	for _, kept := range []string{"in memory", "on disk"} {
		b.Run(kept, func(b *testing.B) {
			opts := awslocal.Options{}
			if kept == "on disk" {
				opts.Data = b.TempDir()
			}
			s, err := awslocal.Start(opts)
			localtest.Must(b, err)
			defer func() { localtest.Must(b, s.Close()) }()
			client := logs.NewFromConfig(s.Config())
			group, stream := aws.String(groupName), aws.String(shop)
			_, err = client.CreateLogGroup(b.Context(), &logs.CreateLogGroupInput{LogGroupName: group})
			localtest.Must(b, err)
			_, err = client.CreateLogStream(b.Context(), &logs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
			localtest.Must(b, err)
			queues := sqs.NewFromConfig(s.Config())
			q, err := queues.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q")})
			localtest.Must(b, err)
			body := aws.String(strings.Repeat("a message of 8 KB ", 455))
			var events []types.InputLogEvent
			for range 50 {
				events = append(events, event(s.Now(), strings.Repeat("x", 200)))
			}
			for b.Loop() {
				_, err := queues.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: body})
				localtest.Must(b, err)
				got, err := queues.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: q.QueueUrl})
				localtest.Must(b, err)
				_, err = client.PutLogEvents(b.Context(), &logs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream, LogEvents: events})
				localtest.Must(b, err)
				_, err = queues.DeleteMessage(b.Context(), &sqs.DeleteMessageInput{QueueUrl: q.QueueUrl, ReceiptHandle: got.Messages[0].ReceiptHandle})
				localtest.Must(b, err)
			}
		})
	}
}
