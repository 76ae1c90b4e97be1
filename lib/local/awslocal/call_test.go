package awslocal_test

import (
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
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
