package lambda

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"heroku-drains/lib/local/awslocal/internal/lambda/runtimeapi"
)

type handler func(ctx context.Context, payload []byte) ([]byte, error)

// inProcess is a runner that calls a Go function.
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

type result struct {
	response []byte
	cpu      time.Duration
	err      error
}

// Invoke calls the handler. It returns as soon as the call times out or is killed, but the handler's goroutine keeps running until the
// handler returns, because Go cannot stop it.
//
// The CPU time is that of the thread of the handler's goroutine. What other goroutines of the handler do counts as waiting.
func (p *inProcess) Invoke(ctx context.Context, i runtimeapi.Invocation) ([]byte, runtimeapi.Used, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, i.Timeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: i.RequestID, InvokedFunctionArn: i.FunctionARN})

	killed := p.begin()
	defer p.end()
	done := make(chan result, 1)
	p.calls.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		before := runtimeapi.ThreadCPU()
		response, err := p.call(ctx, i.Payload)
		done <- result{response: response, cpu: runtimeapi.ThreadCPU() - before, err: err}
	})
	select {
	case a := <-done:
		return a.response, runtimeapi.Used{Elapsed: time.Since(began), CPU: a.cpu}, a.err
	case <-killed:
		return nil, runtimeapi.Used{Elapsed: time.Since(began)}, runtimeapi.Failuref("Runtime.ExitError", "RequestId: %s Error: Runtime exited with error: signal: killed", i.RequestID)
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, runtimeapi.Used{Elapsed: time.Since(began)}, runtimeapi.TimedOut(i)
		}
		return nil, runtimeapi.Used{}, ctx.Err()
	}
}

// call calls the handler and reports errors, panics and responses that are too large in the same form as a binary would.
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

// failure returns the Failure that aws-lambda-go reports for an error or a panic.
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

// Kill makes every running call fail, which cancels its context.
func (p *inProcess) Kill() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.killed)
	p.killed = make(chan struct{})
	return p.busy
}

// KillProcess is Kill: the process of all calls is this one.
func (p *inProcess) KillProcess(string) { p.Kill() }

// Freeze does nothing: this process cannot be stopped.
func (p *inProcess) Freeze() (int, error) { return 0, nil }

// Close waits for all handlers to return. Their contexts must have been canceled.
func (p *inProcess) Close() {
	p.calls.Wait()
}
