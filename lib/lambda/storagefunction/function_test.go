package storagefunction_test

import (
	"context"
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

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/storagefunction"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex/logplextest"
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
				environment := stack.DefaultStorageEnvironment()
				environment.AlertsQueue = "https://sqs.us-east-1.amazonaws.com/000000000000/alerts"
				function := storagefunction.New(environment, cfg, slog.New(slog.DiscardHandler), storagefunction.Options{})
				ctx, cancel := context.WithTimeout(t.Context(), stack.StorageTimeout)
				defer cancel()
				began := time.Now()
				sealed, err := envelope.Seal(envelope.Header{App: "shop", ReceivedAt: began}, "10 not a line"+
					logplextest.Frame(logplextest.Line(45, began, "heroku", "web.1", "Error R15 (Memory quota vastly exceeded)")), false)
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
				for _, operation := range []string{"ListQueueTags", "PutLogEvents", "SendMessage"} {
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

// Alert rules that are wrong keep neither the lines from being stored nor the default rules from being applied, and raise the operators' alarm.
func TestBrokenRulesFile(t *testing.T) {
	localtest.LambdaCredentials(t)
	for name, tt := range map[string]struct {
		rules string
		want  bool // an error
	}{
		"broken": {`{"codes": {"H93": {}}}`, true},
		"right":  {`{"codes": {"H12": {"off": true}}}`, false},
	} {
		folder := t.TempDir()
		localtest.Must(t, os.WriteFile(filepath.Join(folder, stack.RulesFile), []byte(tt.rules), 0o600))
		var log, stdout localtest.Buffer
		environ := []string{"ALERTS_QUEUE_URL=https://example.com/alerts", "LAMBDA_TASK_ROOT=" + folder}
		function, err := storagefunction.FromEnvironment(t.Context(), environ, slog.New(slog.NewJSONHandler(&log, nil)), &stdout)
		if err != nil || function == nil {
			t.Fatalf("%s: the function does not start: %v", name, err)
		}
		logged, counted := strings.Contains(log.String(), "H93"), strings.Contains(stdout.String(), stack.MetricAlertsNotSent)
		if logged != tt.want || counted != tt.want {
			t.Errorf("%s: logged %t, counted %t\n%s%s", name, logged, counted, log.String(), stdout.String())
		}
	}
}
