package drainsfunction_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

var discard = slog.New(slog.DiscardHandler)

func TestFromEnvironment(t *testing.T) {
	localtest.LambdaCredentials(t)
	server := localtest.StartAWS(t, awslocal.Options{})
	t.Setenv("AWS_ENDPOINT_URL", *server.Config().BaseEndpoint)
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
	read := make(chan bool, 100)
	server.OnCall(func(c awslocal.Call) {
		if c.Operation == "GetSecretValue" {
			read <- true
		}
	})
	environ := []string{"DRAIN_STORAGE_FUNCTION=storage", "DEAD_LETTER_QUEUE_ARN=arn:aws:sqs:eu-west-1:123456789012:dead", "SIGNING_KEY_SECRET=key"}
	if handler, err := drainsfunction.FromEnvironment(environ, discard, io.Discard); handler == nil || err != nil {
		t.Errorf("FromEnvironment = %v, %v", handler, err)
	}
	<-read // before the first POST
	_, err := drainsfunction.FromEnvironment(environ[:2], discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "SIGNING_KEY_SECRET") {
		t.Errorf("error %v, want one that names the missing variable", err)
	}
}

func TestNewRejectsAnInvalidARN(t *testing.T) {
	t.Parallel()
	environment := stack.DefaultDrainsEnvironment()
	environment.DeadLetterQueueARN = "dead-letters"
	_, err := drainsfunction.New(environment, aws.Config{}, discard, drainsfunction.Options{Now: time.Now})
	if err == nil || !strings.Contains(err.Error(), `"dead-letters"`) {
		t.Errorf("error %v, want one that names the ARN", err)
	}
}
