package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// initLimit is how long a process may take until it first asks for work: "If this time limit is exceeded, Lambda terminates".
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
const initLimit = 10 * time.Second

// outputDelay is how long the output of a dead process is waited for, should a child of it hold on to the pipe.
const outputDelay = time.Second

// errStale says that an environment ended while it was idle: the invocation was not handed over and can go to another.
var errStale = errors.New("the execution environment has ended")

// job is an invocation on its way through an environment.
type job struct {
	Invocation
	done chan outcome // holds one
}

type outcome struct {
	response []byte
	err      error
}

// environment is one process and the Runtime API it alone talks to; it runs one invocation at a time.
type environment struct {
	jobs chan *job          // to the process, when it asks for the next
	kill context.CancelFunc // ends the process at once, as Lambda does
	dead chan struct{}      // closed when the process has ended

	mu          sync.Mutex
	current     *job   // what the process works on
	polled      bool   // the process asked for work: its init succeeded
	initFailure []byte // what the process said of its init, if it failed

	exit string // how the process ended; to be read once dead is closed
}

// start starts a process. It ends with ctx.
func start(ctx context.Context, p Program, log *slog.Logger) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the Lambda Runtime API: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	e := &environment{jobs: make(chan *job), kill: cancel, dead: make(chan struct{})}
	server := &http.Server{Handler: e.handler(), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}

	cmd := exec.CommandContext(ctx, p.Binary)
	cmd.Dir = filepath.Dir(p.Binary)
	cmd.Env = append(p.Environ(), "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	output := p.Output()
	cmd.Stdout, cmd.Stderr = output, output
	cmd.WaitDelay = outputDelay
	if err := cmd.Start(); err != nil {
		cancel()
		_ = listener.Close()
		return nil, Failuref("Runtime.InvalidEntrypoint", "Error: %s", err)
	}
	go func() { _ = server.Serve(listener) }() // ends with server.Close
	go e.wait(cmd, server, output)
	return e, nil
}

// wait notes how the process ended.
func (e *environment) wait(cmd *exec.Cmd, server *http.Server, output io.Closer) {
	switch err := cmd.Wait(); {
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		e.exit = "Runtime exited with error: " + cmd.ProcessState.String()
	default:
		e.exit = "Runtime exited without providing a reason"
	}
	e.kill() // frees the context
	_ = output.Close()
	_ = server.Close()
	close(e.dead)
}

// run has the process work on an invocation. errStale: it was not handed over. Timeouts are the machine's time, by which the process
// reads its deadline, not the embedded AWS's clock, which tests advance.
func (e *environment) run(ctx context.Context, i Invocation) ([]byte, error) {
	j := &job{Invocation: i, done: make(chan outcome, 1)}
	// Lambda gives an init 10 seconds and then tries it again within the function's timeout; here it has the shorter of the two, once.
	timer := time.NewTimer(min(initLimit, i.Timeout))
	defer timer.Stop()
	select {
	case e.jobs <- j:
	case <-e.dead:
		return nil, e.ended(i)
	case <-timer.C:
		return nil, e.abandon(TimedOut(i))
	case <-ctx.Done():
		return nil, e.abandon(ctx.Err())
	}

	timer.Reset(i.Timeout)
	select {
	case out := <-j.done:
		return out.response, out.err
	case <-e.dead:
		select {
		case out := <-j.done: // answered, then ended: a panic in Go does so
			return out.response, out.err
		default:
			return nil, Failuref("Runtime.ExitError", "RequestId: %s Error: %s", i.RequestID, e.exit)
		}
	case <-timer.C:
		return nil, e.abandon(TimedOut(i))
	case <-ctx.Done():
		return nil, e.abandon(ctx.Err())
	}
}

// ended is why an invocation could not be handed over to a process that has ended.
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

// abandon kills the process and returns why.
func (e *environment) abandon(why error) error {
	e.kill()
	<-e.dead
	return why
}

func (e *environment) alive() bool {
	select {
	case <-e.dead:
		return false
	default:
		return true
	}
}
