package awslocal

import (
	"sync"
	"time"
)

// Drop says when a Fault closes the connection instead of answering.
type Drop int

// The client sees the connection end without an answer, before or after the work was done.
const (
	DropNever  Drop = iota
	DropBefore      // the work is not done
	DropAfter       // the work is done: an answer that got lost
)

// Fault is something that goes wrong with some calls. The zero value of a field that selects calls selects all.
type Fault struct {
	Service   string // signing name: sqs, logs, lambda, secretsmanager, sts, or execute-api for the gateway
	Operation string // such as SendMessage; for the gateway method and path: "POST /drains/shop"
	Skip      int    // this many matching calls go well first
	Times     int    // then this many go wrong; 0: every one until the fault is removed

	Delay   time.Duration // on the Server's clock, before the work; a client that goes away in the meantime stops the call
	Drop    Drop
	Status  int    // answer with this HTTP status instead of doing the work; 0: do the work
	Code    string // the AWS error code of that answer, such as ThrottlingException
	Message string
}

// faults are those in force, in the order of their injection.
type faults struct {
	mu     sync.Mutex
	active []*activeFault
}

type activeFault struct {
	Fault
	seen int // matching calls so far
}

func (f *faults) add(fault Fault) (remove func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := &activeFault{Fault: fault}
	f.active = append(f.active, a)
	return func() { f.remove(a) }
}

func (f *faults) remove(a *activeFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, other := range f.active {
		if other == a {
			f.active = append(f.active[:i], f.active[i+1:]...)
			return
		}
	}
}

// match is the first fault that strikes a call. Every fault that selects the call counts it.
func (f *faults) match(service, operation string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var strikes *activeFault
	for _, a := range f.active {
		if a.Service != "" && a.Service != service || a.Operation != "" && a.Operation != operation {
			continue
		}
		a.seen++
		if a.seen > a.Skip && (a.Times == 0 || a.seen <= a.Skip+a.Times) && strikes == nil {
			strikes = a
		}
	}
	if strikes == nil {
		return Fault{}, false
	}
	return strikes.Fault, true
}
