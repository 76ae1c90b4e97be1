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

// MaxRequest is what a function may be invoked with: 6 MB, as the error for more says.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MaxRequest = 6 * 1024 * 1024

// maxConcurrency is how many invocations of one function run at once, and so how many processes it has. AWS gives an account between 10
// (a new one) and 1,000 for all its functions; this is what a laptop bears.
const maxConcurrency = 100

// errClosed is what an invocation ends with when the embedded AWS is shut down.
var errClosed = errors.New("the embedded AWS is shutting down")

// Invoke runs a function, named or by ARN, and waits for its response. When the function fails, the error is a *runtimeapi.Failure; when
// Lambda turns the call down, an *awsapi.Error. An invocation goes on when ctx ends: Lambda does not take one back either.
func (s *Service) Invoke(ctx context.Context, name string, payload []byte) ([]byte, error) {
	f, arn, err := s.find(name)
	if err != nil {
		return nil, err
	}
	return s.config.Intercept(ctx, "Invoke", func() ([]byte, error) {
		i, err := newInvocation(f, arn, payload)
		if err != nil {
			return nil, err
		}
		return s.run(ctx, f, i)
	})
}

// newInvocation checks a payload as Lambda does.
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

// run runs an invocation unless too many run already.
func (s *Service) run(ctx context.Context, f *function, i runtimeapi.Invocation) ([]byte, error) {
	select {
	case f.running <- struct{}{}:
	default:
		e := restjson.Errorf(http.StatusTooManyRequests, "TooManyRequestsException", "Rate Exceeded.")
		e.Fields["Reason"] = "ConcurrentInvocationLimitExceeded"
		return nil, e
	}
	done := make(chan answer, 1)
	started := s.start(func() {
		response, err := f.runner.Invoke(s.lifetime, i)
		if err != nil {
			s.config.Log.Debug("invocation failed", "function", f.Name, "request_id", i.RequestID, "error", err)
		}
		<-f.running
		done <- answer{response, err}
	})
	if !started {
		<-f.running
		return nil, errClosed
	}
	select {
	case a := <-done:
		return a.response, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for function %s: %w", f.Name, ctx.Err())
	}
}

// newTraceID makes a trace header as X-Ray's, of a trace that is not sampled.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
func newTraceID() string {
	var id [20]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the program instead
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", time.Now().Unix(), hex.EncodeToString(id[:12]), hex.EncodeToString(id[12:]))
}
