package local_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// TestALateBatchDoesNotBringTheStreamBack deletes a drain while the storage function holds a batch of it. The function creates missing streams,
// but this one was deleted on purpose, and nobody would delete it again.
func TestALateBatchDoesNotBringTheStreamBack(t *testing.T) {
	for name, lag := range map[string]awslocal.Lag{"the queue is gone": {}, "the queue is being deleted": awslocal.LagOfAWS()} {
		t.Run(name, func(t *testing.T) {
			var log localtest.Buffer
			system := localtest.Start(t, local.Options{Lag: lag, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			api := clienttest.API(t, system.AWS)
			d, _, err := api.Put(t.Context(), "shop", drain.Patch{})
			localtest.Must(t, err)
			putting := make(chan struct{})
			var once sync.Once
			system.AWS.Inject(awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Times: 1, Delay: 30 * time.Second})
			t.Cleanup(system.AWS.OnCall(func(c awslocal.Call) {
				if c.Operation == "PutLogEvents" {
					once.Do(func() { close(putting) })
				}
			}))
			sender, err := delivery.NewSender(d.DrainURL, "d.test")
			localtest.Must(t, err)
			if r, err := sender.Send(t.Context(), simulate.New("shop", 1).Batch(time.Now(), 1, delivery.MaxBytes)); err != nil || r.Lost {
				t.Fatalf("sent %+v, %v", r, err)
			}
			<-putting
			_, err = api.Delete(t.Context(), "shop", drain.DeleteOptions{})
			localtest.Must(t, err)
			system.AWS.Advance(30 * time.Second)
			localtest.Eventually(t, "the batch is done", func() bool { return strings.Contains(log.String(), "batch done") })
			streams, err := cloudwatchlogs.NewFromConfig(system.AWS.Config()).DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{
				LogGroupName: aws.String(stack.DefaultLogGroup),
			})
			localtest.Must(t, err)
			if len(streams.LogStreams) > 0 {
				t.Errorf("the stream %s is back", *streams.LogStreams[0].LogStreamName)
			}
			if !strings.Contains(log.String(), "the drain was deleted") {
				t.Errorf("the log does not say why the line is not stored:\n%s", log.String())
			}
		})
	}
}
