package lambda

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
	"heroku-drains/lib/local/awslocal/internal/lambda/runtimeapi"
)

// MaxRequest is the maximum size of a payload in bytes: 6 MB.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MaxRequest = 6 * 1024 * 1024

// maxConcurrency limits how many invocations of a function run at once, and so how many processes it has: a number that a laptop can handle.
// The account's limit, Config.Concurrency, is for all functions together.
const maxConcurrency = 100

// errClosed is the result of invocations while the embedded AWS is shutting down.
var errClosed = errors.New("the embedded AWS is shutting down")

// Invoke runs the function with a name or an ARN and returns its response. The error is a *runtimeapi.Failure if the function failed, and
// an *awsapi.Error if Lambda rejected the call. As on AWS, the invocation keeps running if ctx ends.
func (s *Service) Invoke(ctx context.Context, name string, payload []byte) ([]byte, error) {
	f, arn, err := s.find(name)
	if err != nil {
		return nil, err
	}
	return s.config.Intercept(ctx, f.Name, func() ([]byte, error) {
		i, err := newInvocation(f, arn, payload)
		if err != nil {
			return nil, err
		}
		return s.run(ctx, f, i)
	})
}

// newInvocation returns an invocation of a function. It validates the payload as Lambda does.
func newInvocation(f *function, arn string, payload []byte) (runtimeapi.Invocation, error) {
	if len(payload) > MaxRequest {
		return runtimeapi.Invocation{}, restjson.Errorf(http.StatusRequestEntityTooLarge, "RequestTooLargeException",
			"Request must be smaller than %d bytes for the InvokeFunction operation", MaxRequest)
	}
	if len(bytes.TrimSpace(payload)) == 0 {
		payload = []byte("{}")
	}
	if !json.Valid(payload) {
		return runtimeapi.Invocation{}, restjson.Errorf(http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json")
	}
	return runtimeapi.Invocation{RequestID: awsapi.NewID(), FunctionARN: arn, TraceID: newTraceID(), Payload: payload, Timeout: f.Timeout}, nil
}

// begin takes the slots of an invocation. It returns false if the function or the account runs as many as it may.
func (s *Service) begin(f *function) bool {
	select {
	case s.slots <- struct{}{}:
	default:
		return false
	}
	select {
	case f.running <- struct{}{}:
		return true
	default:
		<-s.slots
		return false
	}
}

// done returns the slots of an invocation.
func (s *Service) done(f *function) {
	<-f.running
	<-s.slots
}

// run runs an invocation. It fails if too many are running.
func (s *Service) run(ctx context.Context, f *function, i runtimeapi.Invocation) ([]byte, error) {
	if !s.begin(f) {
		e := restjson.Errorf(http.StatusTooManyRequests, "TooManyRequestsException", "Rate Exceeded.")
		e.Fields["Reason"] = "ConcurrentInvocationLimitExceeded"
		return nil, e
	}
	done := make(chan result, 1)
	started := s.background(func() {
		response, used, err := f.runner.Invoke(s.lifetime, i)
		s.count(f, used)
		if err != nil {
			s.config.Log.Debug("invocation failed", "function", f.Name, "request_id", i.RequestID, "error", err)
		}
		s.done(f)
		done <- result{response: response, err: err}
	})
	if !started {
		s.done(f)
		return nil, errClosed
	}
	select {
	case a := <-done:
		return a.response, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for function %s: %w", f.Name, ctx.Err())
	}
}

// newTraceID returns an X-Ray tracing header of a trace that is not sampled.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
func newTraceID() string {
	var id [20]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand crashes the program instead
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", time.Now().Unix(), hex.EncodeToString(id[:12]), hex.EncodeToString(id[12:]))
}
