package storage_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/lambda/storagefunction"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

// cloud is the storage function on the embedded AWS, through the unchanged SDK.
type cloud struct {
	*system
	server *awslocal.Server
	logs   *cloudwatchlogs.Client
}

// newCloud returns one with a log group, the log stream of the app shop, and the app's queue with tags.
func newCloud(t *testing.T, tags map[string]string) cloud {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	c := cloud{system: &system{log: &localtest.Buffer{}, metrics: &localtest.Buffer{}}, server: server, logs: cloudwatchlogs.NewFromConfig(server.Config())}
	_, err := c.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group)})
	localtest.Must(t, err)
	_, err = c.logs.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(group), RetentionInDays: aws.Int32(7)})
	localtest.Must(t, err)
	_, err = c.logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: aws.String("[APP]shop")})
	localtest.Must(t, err)
	_, err = sqs.NewFromConfig(server.Config()).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("APP_shop"), Tags: tags})
	localtest.Must(t, err)
	c.Handler = c.function(t)
	return c
}

// function returns the function after a cold start.
func (c cloud) function(t *testing.T) *storage.Handler {
	t.Helper()
	log := slog.New(slog.NewJSONHandler(c.log, nil))
	return storagefunction.New(stack.DefaultStorageEnvironment(), c.server.Config(), log,
		storagefunction.Options{Metrics: metrics.NewWriter(c.metrics, storageFunction)})
}

// texts returns the texts of the stream's events in order of time.
func (c cloud) texts(t *testing.T) []string {
	t.Helper()
	return localtest.Texts(localtest.StoredLines(t, c.server, "shop"))
}

func TestOnAWS(t *testing.T) {
	now := time.Now()
	c := newCloud(t, asJSON)
	messages := []events.SQSMessage{
		post(t, "1", dyno(now, "esc \x1b[0m nul \x00 bad \xff\xfe euro € emoji \U0001f600 sep \u2028 quote \" backslash \\")),
		post(t, "2", dyno(now.Add(time.Second), ""), dyno(now.Add(-30*24*time.Hour), "old"), dyno(now.Add(3*time.Hour), "ahead"), "bad bytes"),
		post(t, "3", lines(10_000, now.Add(-25*time.Hour))...),
	}
	quantity(t, "failed messages", len(c.handle(t, messages...)), 0)
	quantity(t, "failed messages", len(c.handle(t, messages...)), 0)
	got := c.texts(t)
	quantity(t, "events", len(got), 10_005)
	var message []any
	for _, text := range got {
		if m := parse(t, text)["message"]; !isNumber(m) {
			message = append(message, m)
		}
	}
	want := []any{"old", "esc \x1b[0m nul \x00 bad \ufffd euro € emoji \U0001f600 sep \u2028 quote \" backslash \\", "bad bytes", "ahead", ""}
	less := func(a, b any) int { return strings.Compare(a.(string), b.(string)) }
	slices.SortFunc(message, less)
	slices.SortFunc(want, less)
	if diff := cmp.Diff(want, message); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"rejected": 0, "copies": 3, "duplicates": 10_005}, c.counts(t, "rejected", "copies", "duplicates")); diff != "" {
		t.Errorf("the second summary (-want +got):\n%s", diff)
	}
}

func isNumber(message any) bool {
	text, _ := message.(string)
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// Puts are filled up to the limits of CloudWatch Logs, which the embedded AWS enforces.
func TestLimitsOnAWS(t *testing.T) {
	now := time.Now()
	c := newCloud(t, nil)
	messages := sized(t, now, 524_288, 524_288, 524_288, 524_289)
	messages = append(messages, post(t, "many", lines(10_001, now)...), post(t, "long", logplextest.Chunks(now, "web.1", strings.Repeat("ab\xff", 220_000))...))
	if failed := c.handle(t, messages...); failed != nil {
		t.Errorf("failed messages: %v\n%s", failed, c.log)
	}
}

// A line older than the retention, such as one that was a dead letter for a week, is kept for the time of the retention like others, and not
// for the two minutes that its own time would give it.
func TestOldLineIsKeptOnAWS(t *testing.T) {
	c := newCloud(t, nil)
	now := time.Now()
	quantity(t, "failed messages", len(c.handle(t, post(t, "1", dyno(now.Add(-week-time.Hour), "old"), dyno(now, "new")))), 0)
	original := " [original time " + now.Add(-week-time.Hour).Format("2006-01-02T15:04:05.000000-07:00") + "]"
	c.server.Advance(week - time.Minute)
	if diff := cmp.Diff([]string{prefix + "new", prefix + "old" + original}, c.texts(t)); diff != "" {
		t.Errorf("stored a minute before the end of the retention (-want +got):\n%s", diff)
	}
	c.server.Advance(2 * time.Minute)
	quantity(t, "events a minute after the end of the retention", len(c.texts(t)), 0)
}

func TestFailedPutOnAWS(t *testing.T) {
	now := time.Now()
	c := newCloud(t, nil)
	messages := fourPuts(t, now)
	denied := awslocal.Fault{Service: "logs", Operation: "PutLogEvents", Skip: 2, Times: 1, Status: http.StatusBadRequest, Code: "AccessDeniedException"}
	c.server.Inject(denied)
	if diff := cmp.Diff([]string{"4", "5"}, c.handle(t, messages...)); diff != "" {
		t.Fatalf("failed messages (-want +got):\n%s", diff)
	}
	c.Handler = c.function(t)
	quantity(t, "failed messages", len(c.handle(t, messages[3:5]...)), 0)
	total := 0
	for _, text := range c.texts(t) {
		total += len(text) + 26
	}
	quantity(t, "bytes stored", total, 3_000_000)
}

// Temporary errors are retried within the invocation, without another delivery.
func TestThrottledPutOnAWS(t *testing.T) {
	for name, fault := range map[string]awslocal.Fault{
		"throttled":       {Status: http.StatusBadRequest, Code: "ThrottlingException"},
		"unavailable":     {Status: http.StatusServiceUnavailable, Code: "ServiceUnavailableException"},
		"connection lost": {Drop: awslocal.DropBefore},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, nil)
			fault.Service, fault.Operation, fault.Times = "logs", "PutLogEvents", 1
			c.server.Inject(fault)
			quantity(t, "failed messages", len(c.handle(t, post(t, "1", dyno(time.Now(), "x")))), 0)
			if diff := cmp.Diff([]string{prefix + "x"}, c.texts(t)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// What no retry cures is put again in smaller calls.
func TestRefusedPutOnAWS(t *testing.T) {
	for name, fault := range map[string]awslocal.Fault{
		"parameter":  {Status: http.StatusBadRequest, Code: "InvalidParameterException"},
		"validation": {Status: http.StatusBadRequest, Code: "ValidationException"},
		"encoding":   {Status: http.StatusBadRequest, Code: "SerializationException"},
		"size":       {Status: http.StatusRequestEntityTooLarge, Code: "RequestEntityTooLarge"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			c := newCloud(t, nil)
			fault.Service, fault.Operation, fault.Times = "logs", "PutLogEvents", 1
			c.server.Inject(fault)
			quantity(t, "failed messages", len(c.handle(t, post(t, "1", dyno(now, "x")), post(t, "2", dyno(now, "y")))), 0)
			if diff := cmp.Diff([]string{prefix + "x", prefix + "y"}, c.texts(t)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMissingStreamAndGroupOnAWS(t *testing.T) {
	c := newCloud(t, nil)
	_, err := c.logs.DeleteLogStream(t.Context(), &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: aws.String(group), LogStreamName: aws.String("[APP]shop")})
	localtest.Must(t, err)
	quantity(t, "failed messages", len(c.handle(t, post(t, "1", dyno(time.Now(), "x")))), 0)
	if diff := cmp.Diff([]string{prefix + "x"}, c.texts(t)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	_, err = c.logs.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(group)})
	localtest.Must(t, err)
	quantity(t, "failed messages", len(c.handle(t, post(t, "2", dyno(time.Now(), "x")))), 1)
	if !strings.Contains(c.log.String(), "deploy the stack again") {
		t.Errorf("the log does not say what to do:\n%s", c.log)
	}
}
