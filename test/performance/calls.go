package main

import (
	"slices"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal"
)

// callLog is the calls of AWS that functions make. It is safe for concurrent use.
type callLog struct {
	stored chan time.Time // when lines were stored

	mu    sync.Mutex
	calls []timedCall
}

type timedCall struct {
	awslocal.Call
	begin, end time.Time // end is zero until the call is done
}

// watchCalls watches the calls of an embedded AWS.
func watchCalls(server *awslocal.Server) *callLog {
	l := &callLog{stored: make(chan time.Time, 1)}
	server.OnCall(func(c awslocal.Call) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.calls = append(l.calls, timedCall{Call: c, begin: time.Now()})
	})
	server.OnDone(func(done awslocal.DoneCall) {
		now := time.Now()
		l.mu.Lock()
		i := slices.IndexFunc(l.calls, func(c timedCall) bool {
			return c.end.IsZero() && c.Operation == done.Operation && c.AccessKeyID == done.AccessKeyID && string(c.Input) == string(done.Input)
		})
		if i >= 0 {
			l.calls[i].end = now
		}
		l.mu.Unlock()
		if done.Operation == "PutLogEvents" {
			l.stored <- now
		}
	})
	return l
}

// reset forgets all calls.
func (l *callLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = nil
}

// steps returns the calls that a function began until a time, in their order. Those that began before an earlier one was done are one step.
func (l *callLog) steps(caller string, until time.Time) [][]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var steps [][]string
	var end time.Time // of the step's first call that was done
	for _, c := range l.calls {
		switch {
		case c.AccessKeyID != caller || c.begin.After(until):
		case len(steps) > 0 && c.begin.Before(end):
			steps[len(steps)-1] = append(steps[len(steps)-1], c.Operation)
			if !c.end.IsZero() && c.end.Before(end) {
				end = c.end
			}
		default:
			steps, end = append(steps, []string{c.Operation}), c.end
		}
	}
	return steps
}
