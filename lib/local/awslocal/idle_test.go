package awslocal_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// A connection is reset either before its next request is read or not at all: a call that is done has a response.
func TestFreezingLeavesConnectionsInUse(t *testing.T) {
	b := startBackend(t)
	q := newQueue(t, b, "q")
	_, err := b.server.AddFunction(awslocal.Function{Name: "f", Binary: bootstrapPath(t)})
	localtest.Must(t, err)
	client := sqs.NewFromConfig(b.config, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
	done := make(chan struct{})
	var freezing sync.WaitGroup
	freezing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if _, err := b.server.FreezeFunction("f"); err != nil {
				t.Error(err)
				return
			}
		}
	})
	sent := 0
	for range 300 {
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("x")}); err == nil {
			sent++
		}
	}
	close(done)
	freezing.Wait()
	if got := q.counts(t)[0]; got != strconv.Itoa(sent) {
		t.Errorf("%s messages arrived, but %d calls succeeded", got, sent)
	}
}
