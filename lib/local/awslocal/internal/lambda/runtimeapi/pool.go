package runtimeapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"
)

// Program is what the processes of one function are started with.
type Program struct {
	Binary  string                // path of the bootstrap
	Environ func() []string       // the whole environment of a new process, less AWS_LAMBDA_RUNTIME_API
	Output  func() io.WriteCloser // where a new process's standard output and error go
}

// Invocation is one run of a function.
type Invocation struct {
	RequestID, FunctionARN, TraceID string
	Payload                         []byte
	Timeout                         time.Duration // from the moment the function gets the payload
}

// Pool runs a Program: one process for each concurrent invocation, started on demand, kept warm and used again.
type Pool struct {
	program Program
	log     *slog.Logger
	ctx     context.Context // ends with Close
	end     context.CancelFunc

	mu   sync.Mutex
	idle []*environment        // the last used comes last, and first to be used again
	all  map[*environment]bool // every one that has not been seen dead
}

// NewPool makes a Pool that has started nothing yet.
func NewPool(p Program, log *slog.Logger) *Pool {
	ctx, end := context.WithCancel(context.Background())
	return &Pool{program: p, log: log, ctx: ctx, end: end, all: make(map[*environment]bool)}
}

// Invoke runs the program once. It fails with a *Failure when the program did, and with ctx's error when ctx ended first: the process is
// then killed.
func (p *Pool) Invoke(ctx context.Context, i Invocation) ([]byte, error) {
	for {
		e, err := p.take()
		if err != nil {
			return nil, err
		}
		response, err := e.run(ctx, i)
		p.put(e)
		if !errors.Is(err, errStale) {
			return response, err
		}
	}
}

// Kill kills every process, busy or idle, waits until they have ended and returns how many there were. New ones are started as they are
// needed.
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

// Close kills every process and waits until all have ended. An Invoke that follows fails.
func (p *Pool) Close() {
	p.end()
	p.Kill()
}

// take returns the environment that was idle for the shortest time, or a new one.
func (p *Pool) take() (*environment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		e := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if e.alive() {
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

// put keeps an environment for the next invocation if it lives.
func (p *Pool) put(e *environment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.alive() {
		p.idle = append(p.idle, e)
	} else {
		delete(p.all, e)
	}
}
