package awslocal_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestMappingRejections checks what CreateEventSourceMapping and UpdateEventSourceMapping reject, with AWS's error messages where they are
// known.
func TestMappingRejections(t *testing.T) {
	const (
		invalid    = "InvalidParameterValueException"
		validation = "ValidationException"
	)
	type request = lambda.CreateEventSourceMappingInput
	tests := []struct {
		name   string
		change func(*request)
		code   string
		says   string
	}{
		{"an empty batch", func(r *request) { r.BatchSize = aws.Int32(0) }, validation, "Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"a batch too large", func(r *request) { r.BatchSize, r.MaximumBatchingWindowInSeconds = aws.Int32(10_001), aws.Int32(1) }, validation, "less than or equal to 10000"},
		{"more than 10 without a window", func(r *request) { r.BatchSize = aws.Int32(11) }, invalid, "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"},
		{"a window too long", func(r *request) { r.MaximumBatchingWindowInSeconds = aws.Int32(301) }, validation, "'maximumBatchingWindowInSeconds'"},
		{"a concurrency too low", func(r *request) { r.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(1)} }, validation, "greater than or equal to 2"},
		{"a concurrency too high", func(r *request) { r.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(1001)} }, validation, "less than or equal to 1000"},
		{"an unknown response type", func(r *request) { r.FunctionResponseTypes = []types.FunctionResponseType{"ReportNothing"} }, validation, "[ReportBatchItemFailures]"},
		{"no queue", func(r *request) { r.EventSourceArn = nil }, invalid, "Unrecognized event source"},
		{"a queue's URL", func(r *request) { r.EventSourceArn = aws.String("http://127.0.0.1/q") }, validation, "'eventSourceArn'"},
		{"a queue of another Region", func(r *request) { r.EventSourceArn = aws.String("arn:aws:sqs:eu-west-1:000000000000:q") }, invalid, "NonExistentQueue"},
		{"a topic", func(r *request) { r.EventSourceArn = aws.String("arn:aws:sns:us-east-1:000000000000:q") }, invalid, "supports only SQS queues"},
		{"an invalid name", func(r *request) { r.FunctionName = aws.String("a b") }, validation, "'functionName'"},
		{"a function of another Region", func(r *request) { r.FunctionName = aws.String("arn:aws:lambda:eu-west-1:000000000000:function:f") }, invalid, "Function does not exist"},
		{"a version", func(r *request) { r.FunctionName = aws.String("f:7") }, invalid, "Function does not exist"},
		{"a timeout longer than the visibility timeout", func(r *request) { r.FunctionName = aws.String("slow") }, invalid, "Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds"},
		{"a filter", func(r *request) {
			r.FilterCriteria = &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String("{}")}}}
		}, invalid, "does not support FilterCriteria"},
		{"provisioned pollers", func(r *request) {
			r.ProvisionedPollerConfig = &types.ProvisionedPollerConfig{MinimumPollers: aws.Int32(2)}
		}, invalid, "does not support ProvisionedPollerConfig"},
		{"a starting position", func(r *request) { r.StartingPosition = types.EventSourcePositionLatest }, invalid, "StartingPosition is not valid for SQS event sources."},
		{"a stream's setting", func(r *request) { r.MaximumRetryAttempts = aws.Int32(1) }, invalid, "Unsupported MaximumRetryAttempts parameter for given event source mapping type."},
		{"a tag of AWS's", func(r *request) { r.Tags = map[string]string{"aws:owner": "me"} }, invalid, "aws:"},
	}
	b := startBackend(t)
	m := newMappings(t, b)
	newFunction(t, b, "slow", 31*time.Second)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := m.create(t, tt.change)
			wantCode(t, err, tt.code)
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %q, want it to say %q", err, tt.says)
			}
		})
	}
	if pages := m.list(t, lambda.ListEventSourceMappingsInput{}); pages[0] != nil {
		t.Errorf("mappings %v were created although the calls failed", pages)
	}

	id := m.created(t)
	updates := []struct {
		name string
		in   lambda.UpdateEventSourceMappingInput
		code string
	}{
		{"a batch too large", lambda.UpdateEventSourceMappingInput{BatchSize: aws.Int32(10_001)}, validation},
		{"more than 10 without a window", lambda.UpdateEventSourceMappingInput{BatchSize: aws.Int32(11)}, invalid},
		{"a filter", lambda.UpdateEventSourceMappingInput{FilterCriteria: &types.FilterCriteria{}}, invalid},
		{"a slower function", lambda.UpdateEventSourceMappingInput{FunctionName: aws.String("slow")}, invalid},
	}
	for _, tt := range updates {
		t.Run("update with "+tt.name, func(t *testing.T) {
			tt.in.UUID = &id
			_, err := m.update(t, tt.in)
			wantCode(t, err, tt.code)
		})
	}
	if got := m.get(t, id); *got.State != "Enabled" || *got.BatchSize != 10 {
		t.Errorf("%s with batch size %d after rejected updates, want Enabled with 10", *got.State, *got.BatchSize)
	}
}

func TestMappingErrorsAreTyped(t *testing.T) {
	m := newMappings(t, startBackend(t))
	id := m.created(t)

	_, err := m.create(t)
	conflict, ok := errors.AsType[*types.ResourceConflictException](err)
	if !ok {
		t.Fatalf("error %v, want a ResourceConflictException", err)
	}
	want := `An event source mapping with SQS arn (" ` + m.queueARN + ` ") and function (" f ") already exists.` +
		` Please update or delete the existing mapping with UUID ` + id
	if conflict.ErrorMessage() != want || aws.ToString(conflict.Type) != "User" {
		t.Errorf("message %q, type %q, want %q, User", conflict.ErrorMessage(), aws.ToString(conflict.Type), want)
	}

	_, err = m.delete(t, "no-such")
	missing, ok := errors.AsType[*types.ResourceNotFoundException](err)
	if !ok {
		t.Fatalf("error %v, want a ResourceNotFoundException", err)
	}
	if want := "The resource you requested does not exist."; missing.ErrorMessage() != want {
		t.Errorf("message %q, want %q", missing.ErrorMessage(), want)
	}
}

// TestMappingInTransition checks that a mapping in transition can be read, but not changed.
func TestMappingInTransition(t *testing.T) {
	const transition = time.Minute
	s := localtest.StartAWS(t, awslocal.Options{TransitionTime: transition})
	m := newMappings(t, backend{name: "awslocal", config: s.Config(), account: "000000000000", server: s})
	off, on := false, true

	inTransition := func(id, want string) {
		t.Helper()
		if got := *m.get(t, id).State; got != want {
			t.Errorf("state %s, want %s", got, want)
		}
		for verb, change := range map[string]func() error{
			"update": func() error { _, err := m.update(t, lambda.UpdateEventSourceMappingInput{UUID: &id}); return err },
			"delete": func() error { _, err := m.delete(t, id); return err },
		} {
			err := change()
			inUse, ok := errors.AsType[*types.ResourceInUseException](err)
			if !ok {
				t.Fatalf("%s while %s: %v, want ResourceInUseException", verb, want, err)
			}
			if text := "Cannot " + verb + " the event source mapping because it is in use."; inUse.ErrorMessage() != text {
				t.Errorf("message %q, want %q", inUse.ErrorMessage(), text)
			}
			if res, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && res.HTTPStatusCode() != http.StatusBadRequest {
				t.Errorf("status %d, want 400", res.HTTPStatusCode())
			}
		}
		_, err := m.create(t)
		wantCode(t, err, "ResourceConflictException")
	}
	afterTransition := func(id, want string) {
		t.Helper()
		s.Advance(transition)
		if got := *m.get(t, id).State; got != want {
			t.Errorf("state %s after the transition, want %s", got, want)
		}
	}

	out, err := m.create(t)
	if err != nil {
		t.Fatal(err)
	}
	id := *out.UUID
	inTransition(id, "Creating")
	afterTransition(id, "Enabled")
	steps := []struct {
		in      lambda.UpdateEventSourceMappingInput
		via, to string
	}{
		{lambda.UpdateEventSourceMappingInput{BatchSize: aws.Int32(1)}, "Updating", "Enabled"},
		{lambda.UpdateEventSourceMappingInput{Enabled: &off}, "Disabling", "Disabled"},
		{lambda.UpdateEventSourceMappingInput{BatchSize: aws.Int32(2)}, "Updating", "Disabled"},
		{lambda.UpdateEventSourceMappingInput{Enabled: &on}, "Enabling", "Enabled"},
	}
	for _, step := range steps {
		step.in.UUID = &id
		if _, err := m.update(t, step.in); err != nil {
			t.Fatal(err)
		}
		inTransition(id, step.via)
		afterTransition(id, step.to)
	}
	if _, err := m.delete(t, id); err != nil {
		t.Fatal(err)
	}
	inTransition(id, "Deleting")
	s.Advance(transition)
	_, err = m.GetEventSourceMapping(t.Context(), &lambda.GetEventSourceMappingInput{UUID: &id})
	wantCode(t, err, "ResourceNotFoundException")
	m.created(t, func(in *lambda.CreateEventSourceMappingInput) { in.Enabled = &off }) // no longer a conflict
}

// TestTransitionsWithoutTime checks that without a TransitionTime, only the responses show the states in between.
func TestTransitionsWithoutTime(t *testing.T) {
	m := newMappings(t, startBackend(t))
	created, err := m.create(t)
	if err != nil {
		t.Fatal(err)
	}
	if *created.State != "Creating" || *m.get(t, *created.UUID).State != "Enabled" {
		t.Errorf("state %s, then %s, want Creating, then Enabled", *created.State, *m.get(t, *created.UUID).State)
	}
	if want := "USER_INITIATED"; *created.StateTransitionReason != want || created.LastProcessingResult != nil {
		t.Errorf("reason %q, last result %q", *created.StateTransitionReason, aws.ToString(created.LastProcessingResult))
	}
	changed, err := m.update(t, lambda.UpdateEventSourceMappingInput{UUID: created.UUID, BatchSize: aws.Int32(3)})
	if err != nil {
		t.Fatal(err)
	}
	if *changed.State != "Updating" || *changed.BatchSize != 3 {
		t.Errorf("state %s with batch size %d, want Updating with 3", *changed.State, *changed.BatchSize)
	}
}

func TestScalingConfigCanBeRemoved(t *testing.T) {
	m := newMappings(t, startBackend(t))
	id := m.created(t, func(in *lambda.CreateEventSourceMappingInput) {
		in.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(5)}
	})
	if _, err := m.update(t, lambda.UpdateEventSourceMappingInput{UUID: &id, ScalingConfig: &types.ScalingConfig{}}); err != nil {
		t.Fatal(err)
	}
	if got := m.settled(t, id); got.ScalingConfig != nil {
		t.Errorf("scaling %v, want none", got.ScalingConfig)
	}
}

func TestListRejections(t *testing.T) {
	m := newMappings(t, startBackend(t))
	_, err := m.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{MaxItems: aws.Int32(0)})
	wantCode(t, err, "ValidationException")
	_, err = m.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{Marker: aws.String("?")})
	wantCode(t, err, "InvalidParameterValueException")
	_, err = m.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{FunctionName: aws.String("other")})
	wantCode(t, err, "ResourceNotFoundException")
}

func TestLambdaUnknownOperation(t *testing.T) {
	client := lambda.NewFromConfig(startBackend(t).config)
	_, err := client.ListFunctions(context.Background(), &lambda.ListFunctionsInput{})
	wantCode(t, err, "UnknownOperationException")
}

func TestLambdaRequiresASignature(t *testing.T) {
	b := startBackend(t)
	res, err := http.Get(b.server.AWSURL() + "/2015-03-31/event-source-mappings")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("unsigned: %s %s, want 403", res.Status, body)
	}
}
