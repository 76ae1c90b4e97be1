package runtimeapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"
)

// Program describes the processes of a function.
type Program struct {
	Binary  string          // path of the bootstrap
	Environ func() []string // returns the environment of a new process, without AWS_LAMBDA_RUNTIME_API and AWS_SESSION_TOKEN
	// Output returns the writer for the standard output and error of a new process with this environment.
	Output func(environ []string) io.WriteCloser
}

// Invocation is one run of a function.
type Invocation struct {
	RequestID, FunctionARN, TraceID string
	Payload                         []byte
	Timeout                         time.Duration // starts when the function gets the payload
}

// Pool runs a Program, with one process for each concurrent invocation. Processes are started on demand and reused.
type Pool struct {
	program Program
	log     *slog.Logger
	ctx     context.Context // canceled by Close
	end     context.CancelFunc

	mu   sync.Mutex
	idle []*environment        // the last one was used most recently and is reused first
	all  map[*environment]bool // may contain environments that have ended
}

// NewPool returns a Pool without processes.
func NewPool(p Program, log *slog.Logger) *Pool {
	ctx, end := context.WithCancel(context.Background())
	return &Pool{program: p, log: log, ctx: ctx, end: end, all: make(map[*environment]bool)}
}

// Invoke runs an invocation. The error is a *Failure if the invocation failed. If ctx ends first, Invoke kills the process and returns ctx's
// error.
func (p *Pool) Invoke(ctx context.Context, i Invocation) ([]byte, Used, error) {
	for {
		e, err := p.take()
		if err != nil {
			return nil, Used{}, err
		}
		response, used, err := e.run(ctx, i)
		p.put(e)
		if !errors.Is(err, errStale) {
			return response, used, err
		}
	}
}

// Kill kills all processes, busy and idle, waits until they have ended and returns how many there were. Later invocations start new
// processes.
func (p *Pool) Kill() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	killed := 0
	for e := range p.all {
		if e.alive() {
			killed++
		}
		e.kill()
		<-e.dead
		delete(p.all, e)
	}
	p.idle = nil
	return killed
}

// KillProcess kills the process with a session token, and waits until it has ended. It does nothing if it has ended already.
func (p *Pool) KillProcess(sessionToken string) {
	p.mu.Lock()
	var found *environment
	for e := range p.all {
		if e.sessionToken == sessionToken {
			found = e
		}
	}
	p.mu.Unlock()
	if found != nil {
		found.kill()
		<-found.dead
	}
}

// Freeze stops all idle processes, as Lambda does between invocations, and returns how many. Each goes on with its next invocation.
func (p *Pool) Freeze() (frozen int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.idle {
		if e.alive() {
			err = errors.Join(err, e.stop())
			frozen++
		}
	}
	return frozen, err
}

// Close kills all processes and waits until they have ended. Later calls of Invoke fail.
func (p *Pool) Close() {
	p.end()
	p.Kill()
}

// take returns the most recently used idle environment, or a new one.
func (p *Pool) take() (*environment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		e := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if e.alive() {
			_ = e.resume() // fails only if the process has just ended, which run notices
			return e, nil
		}
		delete(p.all, e)
	}
	e, err := start(p.ctx, p.program, p.log)
	if err != nil {
		return nil, err
	}
	p.all[e] = true
	return e, nil
}

// put returns an environment to the pool, unless it has ended.
func (p *Pool) put(e *environment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.alive() {
		p.idle = append(p.idle, e)
	} else {
		delete(p.all, e)
	}
}
