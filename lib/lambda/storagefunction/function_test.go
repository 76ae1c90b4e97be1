package storagefunction_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/storagefunction"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// A call that is not answered, whichever it is, costs an attempt and not the whole invocation.
func TestUnansweredCalls(t *testing.T) {
	for name, logs := range map[string]map[string]string{
		"existing stream": nil,
		"missing stream":  {"PutLogEvents": `{"__type":"ResourceNotFoundException"}`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &localtest.Unanswered{Answers: logs}
				cfg := aws.Config{Region: "us-east-1", HTTPClient: client, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")}
				function := storagefunction.New(stack.DefaultStorageEnvironment(), cfg, slog.New(slog.DiscardHandler), storagefunction.Options{})
				ctx, cancel := context.WithTimeout(t.Context(), stack.StorageTimeout)
				defer cancel()
				began := time.Now()
				sealed, err := envelope.Seal(envelope.Header{App: "shop", ReceivedAt: began}, "10 not a line", false)
				localtest.Must(t, err)
				response, err := function.Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{
					{MessageId: "1", Body: sealed[0], EventSourceARN: "arn:aws:sqs:us-east-1:000000000000:APP_shop"},
				}})
				localtest.Must(t, err)
				if took := time.Since(began); took > stack.StorageTimeout/2 {
					t.Errorf("the invocation took %s", took)
				}
				if logs == nil && len(response.BatchItemFailures) > 0 {
					t.Errorf("failed: %v", response.BatchItemFailures)
				}
				for _, operation := range []string{"GetQueueUrl", "PutLogEvents"} {
					if calls := client.Calls(operation); calls < 2 {
						t.Errorf("%d calls of %s", calls, operation)
					}
				}
				if calls := client.Calls("CreateLogStream"); logs != nil && calls != 2 {
					t.Errorf("%d calls of CreateLogStream", calls)
				}
			})
		})
	}
}
