package alertsfunction_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/lambda/alerting"
	"heroku-drains/lib/lambda/alertsfunction"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// environment is the function's, with everything that is required.
func environment() stack.AlertsEnvironment {
	e := stack.DefaultAlertsEnvironment()
	e.Table, e.Topic = "alerts", "arn:aws:sns:us-east-1:123456789012:alerts"
	e.Queue = "https://sqs.us-east-1.amazonaws.com/123456789012/alerts"
	return e
}

func TestFromEnvironment(t *testing.T) {
	localtest.LambdaCredentials(t)
	folder := t.TempDir()
	localtest.Must(t, os.WriteFile(filepath.Join(folder, stack.RulesFile), []byte(`{"codes":{"H12":{"off":true}}}`), 0o600))
	var environ []string
	for name, value := range environment().Map() {
		environ = append(environ, name+"="+value)
	}
	handler, err := alertsfunction.FromEnvironment(t.Context(), append(environ, "LAMBDA_TASK_ROOT="+folder), slog.New(slog.DiscardHandler), io.Discard)
	localtest.Must(t, err)
	if _, on := handler.Rules.Rule("shop", "H12"); on {
		t.Error("the rules are not those of the folder")
	}
	if _, on := handler.Rules.Rule("shop", "H13"); !on {
		t.Error("the default rules are missing")
	}
	_, err = alertsfunction.FromEnvironment(t.Context(), nil, slog.New(slog.DiscardHandler), io.Discard)
	for _, variable := range []string{"ALERTS_TABLE", "ALERTS_TOPIC_ARN", "ALERTS_QUEUE_URL"} {
		if err == nil || !strings.Contains(err.Error(), variable) {
			t.Errorf("error %v, want one that names %s", err, variable)
		}
	}
}

// With rules that cannot be read, Heroku's errors are told nevertheless.
func TestRulesThatCannotBeRead(t *testing.T) {
	localtest.LambdaCredentials(t)
	folder, logged := t.TempDir(), &localtest.Buffer{}
	localtest.Must(t, os.WriteFile(filepath.Join(folder, stack.RulesFile), []byte(`{`), 0o600))
	environ := []string{"LAMBDA_TASK_ROOT=" + folder}
	for name, value := range environment().Map() {
		environ = append(environ, name+"="+value)
	}
	handler, err := alertsfunction.FromEnvironment(t.Context(), environ, slog.New(slog.NewJSONHandler(logged, nil)), io.Discard)
	localtest.Must(t, err)
	if _, on := handler.Rules.Rule("shop", "H12"); !on || !strings.Contains(logged.String(), "ERROR") {
		t.Errorf("the default rules apply: %v; logged %s", on, logged)
	}
}

func TestNewRejectsAnInvalidTopic(t *testing.T) {
	t.Parallel()
	e := environment()
	e.Topic = "alerts"
	if _, err := alertsfunction.New(e, aws.Config{}, slog.New(slog.DiscardHandler), alertsfunction.Options{}); err == nil || !strings.Contains(err.Error(), `"alerts"`) {
		t.Errorf("error %v, want one that names the topic", err)
	}
}

// A call that is not answered, whichever it is, costs an attempt and not the whole invocation.
func TestUnansweredCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &localtest.Unanswered{Answers: map[string]string{
			"POST /": `<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>`,
		}}
		cfg := aws.Config{Region: "us-east-1", HTTPClient: client, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")}
		handler, err := alertsfunction.New(environment(), cfg, slog.New(slog.DiscardHandler), alertsfunction.Options{})
		localtest.Must(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), stack.AlertsTimeout)
		defer cancel()
		began := time.Now()
		if failed := handle(ctx, t, handler, `{"report":{"app":"shop","hits":[{"rule":"R15","id":"1","counts":[{"at":946684800,"n":9}]}]}}`); len(failed) > 0 {
			t.Errorf("failed: %v", failed)
		}
		if took := time.Since(began); took > stack.AlertsTimeout*2/3 {
			t.Errorf("the invocation took %s", took)
		}
		for _, operation := range []string{"GetItem", "PutItem", "SendMessage", "POST /"} {
			if calls := client.Calls(operation); calls < 2 {
				t.Errorf("%d calls of %s", calls, operation)
			}
		}
	})
}

// handle delivers a message, and returns what SQS must deliver again.
func handle(ctx context.Context, t *testing.T, handler *alerting.Handler, body string) []events.SQSBatchItemFailure {
	t.Helper()
	payload, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: body}}})
	localtest.Must(t, err)
	response, err := handler.Handle(ctx, payload)
	localtest.Must(t, err)
	return response.(events.SQSEventResponse).BatchItemFailures
}
