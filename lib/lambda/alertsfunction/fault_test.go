package alertsfunction_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

const (
	begun = "[shop] H12 Request timeout: 20 in 5 min"
	ended = "[shop] H12 Request timeout: resolved, 20 lines"
)

// storm sends twenty reports of one line each, all of now, as four storage functions do at the same time.
func (s *system) storm(t *testing.T) {
	t.Helper()
	at := s.server.Now()
	for i := range 2 {
		var batch []sqstypes.SendMessageBatchRequestEntry
		for j := range 10 {
			id := fmt.Sprintf("%d-%d", i, j)
			text, err := json.Marshal(hits("H12", id, at, 1))
			localtest.Must(t, err)
			batch = append(batch, sqstypes.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String(string(text))})
		}
		_, err := sqs.NewFromConfig(s.server.Config()).SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &s.queue, Entries: batch})
		localtest.Must(t, err)
	}
}

// pass lets time pass, in steps in which the function has the time to work.
func (s *system) pass(t *testing.T, minutes int) {
	t.Helper()
	for range minutes {
		s.server.Advance(time.Minute)
		localtest.Eventually(t, "the function has nothing to do", s.idle)
	}
}

// once checks that the alert was told once, and its end.
func (s *system) once(t *testing.T) {
	t.Helper()
	got := s.subjects()
	for _, subject := range got {
		if !strings.HasPrefix(subject, "[shop] H12 Request timeout: ") {
			t.Errorf("published %q", subject)
		}
	}
	if len(got) != 2 || strings.Contains(got[0], "resolved") || got[1] != ended {
		t.Errorf("published %q, want one beginning and %q", got, ended)
	}
}

func TestOneAlertOfManyReports(t *testing.T) {
	t.Parallel()
	s := newSystem(t, nil, awslocal.Options{})
	s.storm(t)
	s.told(t)
	s.pass(t, 15)
	s.once(t)
	if got := s.metrics.String(); got != "" {
		t.Errorf("metrics %s", got)
	}
}

// Calls fail, are throttled, or do their work and lose the response: the SDK's attempts and the queue's deliveries get over it.
func TestAnAlertIsToldOnceWhateverFails(t *testing.T) {
	t.Parallel()
	throttled := awslocal.Fault{Status: 400, Code: "ThrottlingException", Message: "Rate exceeded"}
	down := awslocal.Fault{Status: 500, Code: "InternalServerError", Message: "down"}
	lost := awslocal.Fault{Drop: awslocal.DropAfter}
	cut := awslocal.Fault{Drop: awslocal.DropBefore}
	for name, test := range map[string]struct {
		fault              awslocal.Fault
		service, operation string
		times, skip        int
	}{
		"reads are throttled":         {throttled, "dynamodb", "GetItem", 7, 0},
		"writes are throttled":        {throttled, "dynamodb", "PutItem", 7, 0},
		"writes lose their responses": {lost, "dynamodb", "PutItem", 4, 0},
		"a later write loses its":     {lost, "dynamodb", "PutItem", 1, 2},
		"the table is down":           {down, "dynamodb", "", 12, 0},
		"the table is cut off":        {cut, "dynamodb", "", 12, 0},
		"the topic is throttled":      {throttled, "sns", "Publish", 3, 0},
		"the topic is down":           {down, "sns", "Publish", 7, 0},
		"the topic is cut off":        {cut, "sns", "Publish", 7, 0},
		"ticks are not sent":          {down, "sqs", "SendMessage", 7, 0},
		"a tick is sent and lost":     {lost, "sqs", "SendMessage", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t, nil, awslocal.Options{})
			test.fault.Service, test.fault.Operation, test.fault.Times, test.fault.Skip = test.service, test.operation, test.times, test.skip
			s.server.Inject(test.fault)
			s.storm(t)
			localtest.Eventually(t, "the reports are handled", s.idle)
			s.pass(t, 30)
			s.once(t)
		})
	}
}

// The one window: SNS has published, and its response is lost. The notification is published again, with the same ID.
func TestALostResponseOfTheTopic(t *testing.T) {
	t.Parallel()
	s := newSystem(t, nil, awslocal.Options{})
	s.server.Inject(awslocal.Fault{Service: "sns", Operation: "Publish", Drop: awslocal.DropAfter, Times: 1})
	s.storm(t)
	s.told(t)
	s.pass(t, 15)
	if len(s.published) != 3 || s.published[0].ID != s.published[1].ID || s.published[2].Event != alert.Resolved {
		t.Errorf("published %q", s.subjects())
	}
}

// Nobody deletes the topic, but somebody may. When it is back, what happened meanwhile is told, once.
func TestTheTopicIsGoneForAnHour(t *testing.T) {
	t.Parallel()
	s := newSystem(t, nil, awslocal.Options{})
	topics := sns.NewFromConfig(s.server.Config())
	arn := aws.String("arn:aws:sns:us-east-1:000000000000:" + stack.LocalAlertsTopic)
	_, err := topics.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: arn})
	localtest.Must(t, err)
	s.storm(t)
	s.pass(t, 60)
	if got := s.subjects(); len(got) > 0 {
		t.Fatalf("published %q", got)
	}
	for _, metric := range []string{stack.MetricNotificationsFailed, stack.MetricAlertsFailed} {
		if !strings.Contains(s.metrics.String(), metric) {
			t.Errorf("no metric %s, which raises the alarm: %s", metric, s.metrics.String())
		}
	}
	if all, err := s.Alerts(t.Context()); err != nil || len(all) != 1 || all[0].Lines != 20 {
		t.Errorf("alerts %+v, %v", all, err)
	}
	_, err = topics.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String(stack.LocalAlertsTopic)})
	localtest.Must(t, err)
	s.pass(t, 15)
	if diff := cmp.Diff([]string{begun, ended}, s.subjects()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
}

// The function is killed while it waits for a call that has not done its work. What it left behind is taken over when its lease is over.
func TestTheFunctionIsKilled(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"sns Publish", "dynamodb PutItem", "dynamodb GetItem", "sqs SendMessage"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t, nil, awslocal.Options{})
			service, name, _ := strings.Cut(operation, " ")
			remove := s.server.Inject(awslocal.Fault{Service: service, Operation: name, Delay: 1000 * time.Hour})
			var called atomic.Bool
			defer s.server.OnCall(func(c awslocal.Call) {
				if c.Service == service && c.Operation == name && c.AccessKeyID == function {
					called.Store(true)
				}
			})()
			s.storm(t)
			localtest.Eventually(t, "the function waits", called.Load)
			_, err := s.server.KillFunction(function)
			localtest.Must(t, err)
			remove()
			s.pass(t, 30)
			s.once(t)
		})
	}
}

// The schedule's event goes the same way as on AWS, through Lambda.
func TestTheSchedule(t *testing.T) {
	t.Parallel()
	s := newSystem(t, nil, awslocal.Options{})
	out, err := lambda.NewFromConfig(s.server.Config()).Invoke(t.Context(), &lambda.InvokeInput{
		FunctionName: aws.String(function), Payload: []byte(`{"routeKey":"` + stack.RouteCheckAlerts + `"}`),
	})
	localtest.Must(t, err)
	if out.FunctionError != nil {
		t.Errorf("%s: %s", *out.FunctionError, out.Payload)
	}
	if slices.Contains(s.subjects(), begun) {
		t.Error("an alert without lines")
	}
}
