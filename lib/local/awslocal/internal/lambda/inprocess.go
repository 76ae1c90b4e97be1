package lambda

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"heroku-drains/lib/local/awslocal/internal/lambda/runtimeapi"
)

type handler func(ctx context.Context, payload []byte) ([]byte, error)

// inProcess runs a function as calls of a Go function.
type inProcess struct {
	handler handler
	calls   sync.WaitGroup

	mu     sync.Mutex
	busy   int
	killed chan struct{} // closed and replaced by Kill
}

func newInProcess(h handler) *inProcess {
	return &inProcess{handler: h, killed: make(chan struct{})}
}

type answer struct {
	response []byte
	err      error
}

// Invoke calls the handler. A call that runs into the timeout, or is killed, fails at once; the goroutine goes on until the handler
// heeds its context, since Go cannot end it.
func (p *inProcess) Invoke(ctx context.Context, i runtimeapi.Invocation) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, i.Timeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: i.RequestID, InvokedFunctionArn: i.FunctionARN})

	killed := p.begin()
	defer p.end()
	done := make(chan answer, 1)
	p.calls.Go(func() {
		response, err := p.call(ctx, i.Payload)
		done <- answer{response, err}
	})
	select {
	case a := <-done:
		return a.response, a.err
	case <-killed:
		return nil, runtimeapi.Failuref("Runtime.ExitError", "RequestId: %s Error: Runtime exited with error: signal: killed", i.RequestID)
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, runtimeapi.TimedOut(i)
		}
		return nil, ctx.Err()
	}
}

// call turns what the handler does into what its binary would report: an error and its type, a panic, a response that is too large.
func (p *inProcess) call(ctx context.Context, payload []byte) (response []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = failure(v)
		}
	}()
	response, err = p.handler(ctx, payload)
	switch {
	case err != nil:
		return nil, failure(err)
	case len(response) > runtimeapi.MaxResponse:
		return nil, runtimeapi.TooLarge()
	case response == nil:
		return []byte("null"), nil
	}
	return response, nil
}

// failure is an error or a panic as aws-lambda-go reports it.
func failure(v any) error {
	if reported, ok := v.(messages.InvokeResponse_Error); ok {
		return runtimeapi.Failuref(reported.Type, "%s", reported.Message)
	}
	kind := reflect.TypeOf(v)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	return runtimeapi.Failuref(kind.Name(), "%s", fmt.Sprint(v))
}

func (p *inProcess) begin() (killed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy++
	return p.killed
}

func (p *inProcess) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy--
}

// Kill fails every call in flight, and cancels its context.
func (p *inProcess) Kill() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.killed)
	p.killed = make(chan struct{})
	return p.busy
}

// Close waits for every handler to return. Their contexts must have ended.
func (p *inProcess) Close() {
	p.calls.Wait()
}
