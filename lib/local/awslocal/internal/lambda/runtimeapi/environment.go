package runtimeapi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// initLimit is how long a process may take before it first asks for an invocation: "If this time limit is exceeded, Lambda terminates".
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
const initLimit = 10 * time.Second

// outputDelay is how long to wait for the output of a process that has ended, in case a child process keeps the pipe open.
const outputDelay = time.Second

// errStale means that an environment ended while it was idle. The invocation did not reach it and can be given to another.
var errStale = errors.New("the execution environment has ended")

// job is an invocation that an environment runs.
type job struct {
	Invocation
	done chan outcome // buffers one
}

type outcome struct {
	response []byte
	err      error
}

// environment is one process and its own Runtime API. It runs one invocation at a time.
type environment struct {
	jobs chan *job          // received when the process asks for the next invocation
	kill context.CancelFunc // kills the process, as Lambda does
	dead chan struct{}      // closed when the process has ended

	process      *os.Process
	sessionToken string // of the process's credentials, as on AWS; here it also says which process makes a call

	mu          sync.Mutex
	current     *job   // the invocation that the process is running
	polled      bool   // whether the process has asked for an invocation, so that its init succeeded
	initFailure []byte // the error that the process reported for its init, if any

	exit string // how the process ended; set before dead is closed
}

// start starts a process, which is killed when ctx ends.
func start(ctx context.Context, p Program, log *slog.Logger) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the Lambda Runtime API: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	e := &environment{jobs: make(chan *job), kill: cancel, dead: make(chan struct{}), sessionToken: rand.Text()}
	server := &http.Server{Handler: e.handler(), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}

	cmd := exec.CommandContext(ctx, p.Binary)
	cmd.Dir = filepath.Dir(p.Binary)
	cmd.Env = append(p.Environ(), "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String(), "AWS_SESSION_TOKEN="+e.sessionToken)
	output := p.Output(cmd.Env)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.WaitDelay = outputDelay
	if err := cmd.Start(); err != nil {
		cancel()
		_ = listener.Close()
		return nil, Failuref("Runtime.InvalidEntrypoint", "Error: %s", err)
	}
	e.process = cmd.Process
	go func() { _ = server.Serve(listener) }() // returns after server.Close
	go e.wait(cmd, server, output)
	return e, nil
}

// wait waits for the process to end and records how it ended.
func (e *environment) wait(cmd *exec.Cmd, server *http.Server, output io.Closer) {
	switch err := cmd.Wait(); {
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		e.exit = "Runtime exited with error: " + cmd.ProcessState.String()
	default:
		e.exit = "Runtime exited without providing a reason"
	}
	e.kill() // releases the context
	_ = output.Close()
	_ = server.Close()
	close(e.dead)
}

// run runs an invocation in the process. It returns errStale if the process did not get the invocation. Timeouts are in the machine's time,
// which the process compares its deadline with, not on the embedded AWS's clock, which tests advance.
func (e *environment) run(ctx context.Context, i Invocation) (response []byte, used Used, err error) {
	began := time.Now()
	j := &job{Invocation: i, done: make(chan outcome, 1)}
	if err := e.give(ctx, j); err != nil {
		return nil, Used{Elapsed: time.Since(began)}, err
	}
	before := processCPU(e.process.Pid) // what a new process has used before was its init, which Lambda gives more CPU
	response, err = e.answer(ctx, j)
	return response, Used{Elapsed: time.Since(began), CPU: max(0, processCPU(e.process.Pid)-before)}, err
}

// give waits until the process takes an invocation.
func (e *environment) give(ctx context.Context, j *job) error {
	// Lambda allows 10 seconds for an init and then retries it within the function's timeout. Here it has one try, and the shorter of the two.
	timer := time.NewTimer(min(initLimit, j.Timeout))
	defer timer.Stop()
	select {
	case e.jobs <- j:
		return nil
	case <-e.dead:
		return e.ended(j.Invocation)
	case <-timer.C:
		return e.abandon(TimedOut(j.Invocation))
	case <-ctx.Done():
		return e.abandon(ctx.Err())
	}
}

// answer waits for the response of the process, which has taken the invocation.
func (e *environment) answer(ctx context.Context, j *job) ([]byte, error) {
	timer := time.NewTimer(j.Timeout)
	defer timer.Stop()
	select {
	case out := <-j.done:
		return out.response, out.err
	case <-e.dead:
		select {
		case out := <-j.done: // answered and then ended, as Go functions do after a panic
			return out.response, out.err
		default:
			return nil, Failuref("Runtime.ExitError", "RequestId: %s Error: %s", j.RequestID, e.exit)
		}
	case <-timer.C:
		return nil, e.abandon(TimedOut(j.Invocation))
	case <-ctx.Done():
		return nil, e.abandon(ctx.Err())
	}
}

// ended returns the error for an invocation that did not reach the process because the process has ended.
func (e *environment) ended(i Invocation) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.initFailure != nil:
		return &Failure{Payload: e.initFailure}
	case e.polled:
		return errStale
	default:
		return Failuref("Runtime.ExitError", "RequestId: %s Error: %s", i.RequestID, e.exit)
	}
}

// abandon kills the process, waits until it has ended and returns the given reason.
func (e *environment) abandon(reason error) error {
	e.kill()
	<-e.dead
	return reason
}

func (e *environment) alive() bool {
	select {
	case <-e.dead:
		return false
	default:
		return true
	}
}
