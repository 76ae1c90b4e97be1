package watch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/watch"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// account is an AWS account with a stack's dead-letter queue and a Watcher.
type account struct {
	*watch.Watcher
	t                *testing.T
	server           *awslocal.Server
	sqs              *sqs.Client
	measured, logged *bytes.Buffer
}

func newAccount(t *testing.T) *account {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	a := &account{t: t, server: server, sqs: sqs.NewFromConfig(server.Config()), measured: new(bytes.Buffer), logged: new(bytes.Buffer)}
	a.queue("dead", "")
	a.queue("other-dead", "")
	a.Watcher = watch.New(watch.Config{
		SQS: a.sqs, CloudWatch: cloudwatch.NewFromConfig(server.Config()), Names: drain.Names{QueuePrefix: "APP_"}, DeadLetterQueue: "dead",
		Metrics: metrics.NewWriter(a.measured, "drains"), Log: slog.New(slog.NewJSONHandler(a.logged, nil)), Now: server.Now,
	})
	return a
}

// queue creates a queue, which may have a dead-letter queue.
func (a *account) queue(name, deadLetters string) {
	a.t.Helper()
	in := &sqs.CreateQueueInput{QueueName: &name}
	if deadLetters != "" {
		in.Attributes = map[string]string{
			"MessageRetentionPeriod": "1209600",
			"RedrivePolicy":          fmt.Sprintf(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:%s","maxReceiveCount":5}`, deadLetters),
		}
	}
	_, err := a.sqs.CreateQueue(a.t.Context(), in)
	localtest.Must(a.t, err)
}

func (a *account) send(name string) {
	a.t.Helper()
	_, err := a.sqs.SendMessage(a.t.Context(), &sqs.SendMessageInput{
		QueueUrl: aws.String(a.server.AWSURL() + "/000000000000/" + name), MessageBody: aws.String("m"),
	})
	localtest.Must(a.t, err)
}

// metric returns the values of a metric that were written since the last call, and fails the test if others were.
func (a *account) metric(name string) []float64 {
	a.t.Helper()
	var values []float64
	for line := range strings.Lines(a.measured.String()) {
		var members map[string]any
		localtest.Must(a.t, json.Unmarshal([]byte(line), &members))
		value, ok := members[name].(float64)
		if !ok || members[stack.MetricDimension] != "drains" {
			a.t.Errorf("metrics %s", line)
		}
		values = append(values, value)
	}
	a.measured.Reset()
	return values
}

// check returns the age that a check has measured, in seconds.
func (a *account) check() float64 {
	a.t.Helper()
	localtest.Must(a.t, a.CheckQueues(a.t.Context()))
	values := a.metric(stack.MetricOldestMessage)
	if len(values) != 1 {
		a.t.Fatalf("measured %v", values)
	}
	return values[0]
}

func TestCheckQueuesMeasuresTheOldestMessageOfTheStacksQueues(t *testing.T) {
	a := newAccount(t)
	if age := a.check(); age != 0 {
		t.Errorf("without queues: %.0f s", age)
	}
	a.queue("APP_orders", "other-dead") // another stack's, or somebody's: the prefix is not ours alone
	a.queue("APP_free", "")
	a.send("APP_orders")
	a.send("APP_free")
	a.server.Advance(24 * time.Hour)
	a.queue("APP_empty", "dead")
	a.queue("APP_shop", "dead")
	a.queue("OLD_blog", "dead") // from before a change of the prefix
	if age := a.check(); age != 0 {
		t.Errorf("with empty queues: %.0f s", age)
	}
	a.send("OLD_blog")
	a.server.Advance(30 * time.Minute)
	a.send("APP_shop")
	if age := a.check(); age < 1800 || age > 1900 || a.logged.Len() > 0 {
		t.Errorf("with messages that are 30 minutes old: %.0f s, logged %s", age, a.logged)
	}
	a.server.Advance(45 * time.Minute)
	if age := a.check(); age < 4500 || age > 4600 || stack.OldMessage.Seconds() > age {
		t.Errorf("with messages that are 75 minutes old: %.0f s", age)
	}
	if logged := a.logged.String(); !strings.Contains(logged, `"queues":["OLD_blog"]`) || strings.Count(logged, "\n") != 1 {
		t.Errorf("logged %s", logged)
	}
	a.server.Advance(13*24*time.Hour + 22*time.Hour)
	if age := a.check(); age < 1_200_000 {
		t.Errorf("shortly before the messages expire: %.0f s", age)
	}
}

func TestCheckQueuesReadsEveryQueue(t *testing.T) {
	a := newAccount(t)
	for i := range 501 { // one more than a call of CloudWatch returns
		a.queue(fmt.Sprintf("APP_app-%03d", i), "dead")
	}
	a.send("APP_app-000")
	a.server.Advance(time.Hour)
	a.send("APP_app-500")
	a.server.Advance(2 * time.Hour)
	if age := a.check(); age < 10_800 || age > 10_900 {
		t.Errorf("the oldest message is %.0f s old, want 3 hours", age)
	}
	if logged := a.logged.String(); !strings.Contains(logged, `"queues":["APP_app-000","APP_app-500"],"queue_count":2`) {
		t.Errorf("logged %s", logged)
	}
}

func TestCheckQueuesFailsWithoutMeasuring(t *testing.T) {
	for _, operation := range []string{"GetQueueUrl", "ListDeadLetterSourceQueues", "GetMetricData"} {
		a := newAccount(t)
		a.queue("APP_shop", "dead")
		a.server.Inject(awslocal.Fault{Operation: operation, Status: http.StatusForbidden, Code: "AccessDenied"})
		if err := a.CheckQueues(t.Context()); err == nil || a.measured.Len() > 0 {
			t.Errorf("%s fails: error %v, measured %s", operation, err, a.measured)
		}
	}
}

func TestRefusedCountsPostsOfAppsWithADrain(t *testing.T) {
	a := newAccount(t)
	a.queue("APP_shop", "dead")
	a.queue("APP_orders", "other-dead")
	for _, tt := range []struct {
		app    string
		status int
		want   bool
	}{
		{"shop", http.StatusUnauthorized, true},
		{"shop", http.StatusNotFound, true},
		{"gone", http.StatusNotFound, true},             // with a valid password: the drain was deleted
		{"shop", http.StatusUnsupportedMediaType, true}, // with a valid password, too
		{"shop", http.StatusTooManyRequests, false},     // Heroku tries again
		{"gone", http.StatusUnauthorized, false},
		{"orders", http.StatusUnauthorized, false},
		{"shop", http.StatusOK, false},
		{"shop", http.StatusServiceUnavailable, false}, // Heroku tries again, and another alarm counts these
	} {
		a.Refused(t.Context(), tt.app, tt.status)
		if got := a.metric(stack.MetricPostsRefused); (len(got) == 1 && got[0] == 1) != tt.want || len(got) > 1 {
			t.Errorf("%d for %s: counted %v, want %t", tt.status, tt.app, got, tt.want)
		}
	}
}

func TestRefusedDoesNotCallAWSForEachPost(t *testing.T) {
	a := newAccount(t)
	var calls atomic.Int32
	a.server.OnCall(func(awslocal.Call) { calls.Add(1) })
	for i := range 1000 {
		a.Refused(t.Context(), fmt.Sprintf("probe-%d", i), http.StatusUnauthorized)
	}
	if n := calls.Load(); n > 2 || a.measured.Len() > 0 {
		t.Errorf("1000 POSTs of strangers made %d calls; measured %s", n, a.measured)
	}
	a.queue("APP_shop", "dead")
	a.server.Advance(11 * time.Minute)
	a.Refused(t.Context(), "shop", http.StatusUnauthorized)
	if got := a.metric(stack.MetricPostsRefused); len(got) != 1 {
		t.Errorf("a drain that is 11 minutes old is not known: %v", got)
	}

	// An outage makes no storm of calls, and does not forget the drains.
	a.server.Inject(awslocal.Fault{Operation: "ListDeadLetterSourceQueues", Status: http.StatusForbidden, Code: "AccessDenied"})
	a.server.Advance(11 * time.Minute)
	a.Refused(t.Context(), "shop", http.StatusUnauthorized)
	after := calls.Load()
	a.Refused(t.Context(), "shop", http.StatusUnauthorized)
	if got := a.metric(stack.MetricPostsRefused); len(got) != 2 || calls.Load() != after {
		t.Errorf("in an outage: counted %v, %d more calls", got, calls.Load()-after)
	}
}
