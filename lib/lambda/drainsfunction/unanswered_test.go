package drainsfunction_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// Calls of SQS, CloudWatch Logs and Lambda that are not answered cost an attempt, and the API still answers in time.
func TestUnansweredCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := &localtest.Unanswered{Answers: map[string]string{"GetQueueUrl": `{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}`}}
		cfg := aws.Config{Region: "us-east-1", HTTPClient: client, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")}
		environment := stack.DefaultDrainsEnvironment()
		environment.DeadLetterQueueARN = "arn:aws:sqs:us-east-1:000000000000:heroku-drains-dead-letters"
		function, err := drainsfunction.New(environment, cfg, slog.New(slog.DiscardHandler), drainsfunction.Options{})
		localtest.Must(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), stack.DrainsTimeout)
		defer cancel()
		answer, err := function.Handle(ctx, events.APIGatewayV2HTTPRequest{RouteKey: stack.RouteGet, PathParameters: map[string]string{"app": "shop"}})
		localtest.Must(t, err)
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("status %d: %s", answer.StatusCode, answer.Body)
		}
		for _, operation := range []string{"GetQueueUrl", "DescribeLogStreams", "GET /2015-03-31/event-source-mappings"} {
			if calls := client.Calls(operation); calls != 2 {
				t.Errorf("%d calls of %s", calls, operation)
			}
		}
	})
}
