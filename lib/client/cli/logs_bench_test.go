package cli_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// BenchmarkLogs reads from a stream of a million lines of the last day, of which every 10,000th is a request that failed.
func BenchmarkLogs(b *testing.B) {
	s := localtest.Start(b, local.Options{})
	flags := []string{"--local", "--local-api-url", s.AWS.APIURL(), "--local-aws-url", s.AWS.AWSURL()}
	run := func(args ...string) int {
		var stdout localtest.Buffer
		if code := cli.MainThatWaits(b.Context(), append(args, flags...), strings.NewReader(""), &stdout, io.Discard, clock.Sleep); code != 0 {
			b.Fatalf("%q: exit code %d", args, code)
		}
		return strings.Count(stdout.String(), "\n")
	}
	run("put", "-a", "shop")
	client := cloudwatchlogs.NewFromConfig(s.AWS.Config())
	const (
		count = 1_000_000
		batch = 4_000
		rare  = 10_000
	)
	began := time.Now().Add(-24 * time.Hour)
	for n := 0; n < count; n += batch {
		var events []types.InputLogEvent
		for i := n; i < n+batch; i++ {
			text := fmt.Sprintf(`heroku[router]: at=info method=GET path="/articles/%d" host=shop.example request_id=%08d-1b0f-4a52-9a3e-2f7d8c6b5a41 dyno=web.1 connect=0ms service=18ms status=200 bytes=7`, i, i)
			if i%rare == 0 {
				text = strings.Replace(text, "service=18ms status=200", "service=30000ms status=503", 1)
			}
			at := began.Add(time.Duration(i) * (24 * time.Hour / count))
			events = append(events, types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: &text})
		}
		_, err := client.PutLogEvents(b.Context(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + "shop"), LogEvents: events,
		})
		localtest.Must(b, err)
	}
	for _, bb := range []struct {
		args string
		want int
	}{
		{"logs -a shop -n 100", 100},
		{"logs --all -n 100", 100},
		{"logs -a shop -n 100 --status 5xx", 100},
		{"logs -a shop -n 100 --level error", 100},
		{"logs -a shop -n 10 --process web", 0},
		{"logs -a shop --since 1h", 0},
		{"trace 00500000-1b0f-4a52-9a3e-2f7d8c6b5a41", 0},
	} {
		b.Run(bb.args, func(b *testing.B) {
			for b.Loop() {
				if got := run(strings.Fields(bb.args)...); bb.want > 0 && (got < bb.want-10 || got > bb.want+10) {
					b.Fatalf("%d lines, want %d", got, bb.want)
				}
			}
		})
	}
}
