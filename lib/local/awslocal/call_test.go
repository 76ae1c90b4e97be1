package awslocal_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestCallsShowTheMappedFunction checks Call.MappedFunction. Permissions for mappings depend on the function, which calls do not name.
func TestCallsShowTheMappedFunction(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	m := newMappings(t, backend{config: s.Config(), server: s})
	created, err := m.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{EventSourceArn: &m.queueARN, FunctionName: aws.String("f")})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	got := map[string]string{}
	t.Cleanup(s.OnCall(func(c awslocal.Call) {
		mu.Lock()
		defer mu.Unlock()
		got[c.Operation] = c.MappedFunction
	}))
	_, updateErr := m.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: created.UUID, BatchSize: aws.Int32(5)})
	_, listErr := m.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
	_, missingErr := m.GetEventSourceMapping(t.Context(), &lambda.GetEventSourceMappingInput{UUID: aws.String("00000000-0000-4000-8000-000000000000")})
	_, deleteErr := m.DeleteEventSourceMapping(t.Context(), &lambda.DeleteEventSourceMappingInput{UUID: created.UUID})
	for _, err := range []error{updateErr, listErr, deleteErr} {
		if err != nil {
			t.Error(err)
		}
	}
	wantCode(t, missingErr, "ResourceNotFoundException")
	mu.Lock()
	defer mu.Unlock()
	want := map[string]string{
		"UpdateEventSourceMapping": m.function, "DeleteEventSourceMapping": m.function,
		"ListEventSourceMappings": "", "GetEventSourceMapping": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
}

// TestDoneCalls checks that OnDone shows the calls that a service has answered: not those that a fault refuses, but those whose answer it loses.
func TestDoneCalls(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	q := newQueue(t, b, "q")
	var mu sync.Mutex
	var got []string
	t.Cleanup(b.server.OnDone(func(c awslocal.DoneCall) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, fmt.Sprint(c.Service, " ", c.Operation, " ", c.Status))
	}))
	client := sqs.NewFromConfig(b.config, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
	b.server.Inject(awslocal.Fault{Operation: "SendMessage", Times: 1, Refuse: awslocal.RefuseThrottled})
	b.server.Inject(awslocal.Fault{Operation: "SendMessage", Skip: 1, Times: 1, Drop: awslocal.DropAfter})
	for i, fails := range []bool{true, true, false} {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("x")})
		if (err != nil) != fails {
			t.Errorf("call %d: error %v", i, err)
		}
	}
	_, err := client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("none")})
	wantCode(t, err, "AWS.SimpleQueueService.NonExistentQueue")
	mu.Lock()
	defer mu.Unlock()
	want := []string{"sqs SendMessage 200", "sqs SendMessage 200", "sqs GetQueueUrl 400"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
