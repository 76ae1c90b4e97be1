package awslocal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

type refusedError struct{}

func (*refusedError) Error() string { return "refused" }

func TestInvoke(t *testing.T) {
	const limit = 6*1024*1024 + 100 // of a response, in bytes
	tests := []struct {
		name     string
		handler  func(ctx context.Context, payload []byte) ([]byte, error)
		payload  string
		response string
		kind     string // the function error
	}{
		{"an echo", echo, `{"a":1}`, `{"a":1}`, ""},
		{"no payload", echo, ``, `{}`, ""},
		{"no response", func(context.Context, []byte) ([]byte, error) { return nil, nil }, `{}`, `null`, ""},
		{"an error", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no such thing") }, `{}`, `{"errorMessage":"no such thing","errorType":"errorString"}`, "Unhandled"},
		{"an error of a type", func(context.Context, []byte) ([]byte, error) { return nil, new(refusedError) }, `{}`, `{"errorMessage":"refused","errorType":"refusedError"}`, "Unhandled"},
		{"a panic", func(context.Context, []byte) ([]byte, error) { panic("at the disco") }, `{}`, `{"errorMessage":"at the disco","errorType":"string"}`, "Unhandled"},
		{"a response too large", func(context.Context, []byte) ([]byte, error) { return make([]byte, limit+1), nil }, `{}`,
			`{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}`, "Unhandled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := localtest.StartAWS(t, awslocal.Options{})
			if _, err := s.AddFunction(awslocal.Function{Name: "f", Handler: tt.handler}); err != nil {
				t.Fatal(err)
			}
			out, err := lambda.NewFromConfig(s.Config()).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(tt.payload)})
			if err != nil {
				t.Fatal(err)
			}
			if string(out.Payload) != tt.response || aws.ToString(out.FunctionError) != tt.kind {
				t.Errorf("response %s, function error %q, want %s, %q", out.Payload, aws.ToString(out.FunctionError), tt.response, tt.kind)
			}
			if out.StatusCode != http.StatusOK || aws.ToString(out.ExecutedVersion) != "$LATEST" {
				t.Errorf("status %d, version %q", out.StatusCode, aws.ToString(out.ExecutedVersion))
			}
		})
	}
}

func echo(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }

func TestInvocationContext(t *testing.T) {
	const timeout = time.Minute
	type seen struct {
		RequestID, ARN string
		Deadline       time.Time
	}
	s := localtest.StartAWS(t, awslocal.Options{})
	arn, err := s.AddFunction(awslocal.Function{Name: "f", Timeout: timeout, Handler: func(ctx context.Context, _ []byte) ([]byte, error) {
		invocation, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return json.Marshal(seen{invocation.AwsRequestID, invocation.InvokedFunctionArn, deadline})
	}})
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now()
	response, _ := invoke(t, s, struct{}{})
	var got seen
	if err := json.Unmarshal(response, &got); err != nil {
		t.Fatal(err)
	}
	if got.ARN != arn || got.RequestID == "" {
		t.Errorf("ARN %q, request ID %q, want %q and some id", got.ARN, got.RequestID, arn)
	}
	if left := got.Deadline.Sub(before); left < timeout || left > 2*timeout {
		t.Errorf("deadline %s from the start, want a little over %s", left, timeout)
	}
}

// TestInvocationTimesOut checks that an invocation ends at its timeout even if the handler ignores its context.
func TestInvocationTimesOut(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	release := make(chan struct{})
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Timeout: 50 * time.Millisecond, Handler: func(context.Context, []byte) ([]byte, error) {
		<-release
		return nil, nil
	}}); err != nil {
		t.Fatal(err)
	}
	response, kind := invoke(t, s, struct{}{})
	close(release)
	if kind != "Unhandled" || !strings.Contains(string(response), "Task timed out after 0.05 seconds") {
		t.Errorf("function error %q: %s, want a timeout", kind, response)
	}
}

func TestInvokeByName(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Handler: echo}); err != nil {
		t.Fatal(err)
	}
	client := lambda.NewFromConfig(s.Config())
	tests := []struct {
		name string
		code string // empty: success
	}{
		{"f", ""},
		{"f:$LATEST", ""},
		{"function:f", ""},
		{"000000000000:function:f", ""},
		{"arn:aws:lambda:us-east-1:000000000000:function:f", ""},
		{"arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST", ""},
		{"g", "ResourceNotFoundException"},
		{"f:1", "ResourceNotFoundException"},
		{"arn:aws:lambda:us-east-2:000000000000:function:f", "ResourceNotFoundException"},
		{"arn:aws:lambda:us-east-1:999999999999:function:f", "ResourceNotFoundException"},
		{"f f", "ValidationException"},
	}
	for _, tt := range tests {
		_, err := client.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &tt.name})
		if tt.code != "" {
			wantCode(t, err, tt.code)
		} else if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestInvokeRejections(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Handler: echo}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   lambda.InvokeInput
		code string
	}{
		{"a payload of 6 MB", lambda.InvokeInput{Payload: []byte(`"` + strings.Repeat("x", 6*1024*1024-2) + `"`)}, ""},
		{"a payload too large", lambda.InvokeInput{Payload: []byte(`"` + strings.Repeat("x", 6*1024*1024-1) + `"`)}, "RequestTooLargeException"},
		{"a payload that is not JSON", lambda.InvokeInput{Payload: []byte("hello")}, "InvalidRequestContentException"},
		{"an asynchronous invocation", lambda.InvokeInput{InvocationType: types.InvocationTypeEvent}, "InvalidParameterValueException"},
		{"a dry run", lambda.InvokeInput{InvocationType: types.InvocationTypeDryRun}, "InvalidParameterValueException"},
		{"the tail of the log", lambda.InvokeInput{LogType: types.LogTypeTail}, "InvalidParameterValueException"},
		{"a client context", lambda.InvokeInput{ClientContext: aws.String("e30=")}, "InvalidParameterValueException"},
		{"a version", lambda.InvokeInput{Qualifier: aws.String("1")}, "ResourceNotFoundException"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.FunctionName = aws.String("f")
			_, err := lambda.NewFromConfig(s.Config()).Invoke(t.Context(), &tt.in)
			if tt.code != "" {
				wantCode(t, err, tt.code)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestConcurrencyIsLimited(t *testing.T) {
	const limit = 100
	s := localtest.StartAWS(t, awslocal.Options{})
	open, running := make(chan struct{}), make(chan struct{}, limit)
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Timeout: time.Minute, Handler: func(context.Context, []byte) ([]byte, error) {
		running <- struct{}{}
		<-open
		return nil, nil
	}}); err != nil {
		t.Fatal(err)
	}
	client := lambda.NewFromConfig(s.Config(), func(o *lambda.Options) { o.RetryMaxAttempts = 1 })
	call := func() error {
		_, err := client.Invoke(context.WithoutCancel(t.Context()), &lambda.InvokeInput{FunctionName: aws.String("f")})
		return err
	}
	ended := make(chan error, limit)
	for range limit {
		go func() { ended <- call() }()
	}
	for range limit {
		<-running
	}
	err := call()
	throttled, ok := errors.AsType[*types.TooManyRequestsException](err)
	if !ok || throttled.Reason != types.ThrottleReasonConcurrentInvocationLimitExceeded {
		t.Errorf("error %v, want TooManyRequestsException because of the concurrency limit", err)
	}
	close(open)
	for range limit {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if err := call(); err != nil {
		t.Errorf("below the limit again: %v", err)
	}
}

func TestGetFunction(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	arn, err := s.AddFunction(awslocal.Function{Name: "f", Binary: bootstrapPath(t), Timeout: time.Minute, MemoryMB: 256, Env: map[string]string{"A": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	client := lambda.NewFromConfig(s.Config())
	out, err := client.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: &arn})
	if err != nil {
		t.Fatal(err)
	}
	c := out.Configuration
	got := []any{*c.FunctionName, *c.FunctionArn, c.Runtime, *c.Handler, *c.Timeout, *c.MemorySize, c.State, c.Environment.Variables["A"]}
	want := []any{"f", arn, types.RuntimeProvidedal2023, "bootstrap", int32(60), int32(256), types.StateActive, "1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
	_, err = client.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("g")})
	wantCode(t, err, "ResourceNotFoundException")
}

func TestGetAccountSettings(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	addFunctions := 2
	for i := range addFunctions {
		if _, err := s.AddFunction(awslocal.Function{Name: fmt.Sprintf("f%d", i), Handler: echo}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := lambda.NewFromConfig(s.Config()).GetAccountSettings(t.Context(), &lambda.GetAccountSettingsInput{})
	if err != nil {
		t.Fatal(err)
	}
	limit := out.AccountLimit
	if limit.ConcurrentExecutions != 1000 || *limit.UnreservedConcurrentExecutions != 1000 || out.AccountUsage.FunctionCount != int64(addFunctions) {
		t.Errorf("limit %+v, usage %+v", limit, out.AccountUsage)
	}
}

func TestAddFunctionErrors(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{})
	tests := []struct {
		name string
		f    awslocal.Function
		says string
	}{
		{"no name", awslocal.Function{Handler: echo}, "name"},
		{"a name too long", awslocal.Function{Name: strings.Repeat("x", 65), Handler: echo}, "name"},
		{"neither handler nor binary", awslocal.Function{Name: "f"}, "either Handler or Binary"},
		{"both", awslocal.Function{Name: "f", Handler: echo, Binary: bootstrapPath(t)}, "either Handler or Binary"},
		{"a timeout too long", awslocal.Function{Name: "f", Handler: echo, Timeout: 901 * time.Second}, "15m0s"},
		{"too little memory", awslocal.Function{Name: "f", Handler: echo, MemoryMB: 64}, "128"},
		{"no such binary", awslocal.Function{Name: "f", Binary: "testdata/none"}, "testdata/none"},
		{"a reserved variable", awslocal.Function{Name: "f", Binary: bootstrapPath(t), Env: map[string]string{"AWS_REGION": "x"}}, "AWS_REGION is reserved"},
		{"too much environment", awslocal.Function{Name: "f", Binary: bootstrapPath(t), Env: map[string]string{"A": strings.Repeat("x", 4096)}}, "4096"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.AddFunction(tt.f)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want it to say %q", err, tt.says)
			}
		})
	}
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Handler: echo}); err != nil {
		t.Error(err)
	}
	_, err := s.AddFunction(awslocal.Function{Name: "f", Handler: echo})
	if err == nil || !strings.Contains(err.Error(), "ResourceConflictException") {
		t.Errorf("error %v for a second function with the same name, want ResourceConflictException", err)
	}
	if _, err := s.KillFunction("none"); err == nil {
		t.Error("KillFunction succeeded for a function that does not exist")
	}
}
