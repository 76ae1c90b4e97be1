package awslocal

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// Drop says whether a Fault closes the connection without a response, and when.
type Drop int

// The values of Drop. In both cases, the client sees the connection end without a response.
const (
	DropNever  Drop = iota
	DropBefore      // close the connection instead of doing the work
	DropAfter       // do the work, then close the connection: the response is lost
)

// Fault makes some calls fail or slow. An empty Service or Operation selects all of them, but not the disk. The zero Fault has no effect.
type Fault struct {
	Service   string // signing name: sqs, logs, lambda, dynamodb, sns, secretsmanager, sts, execute-api for the gateway, or disk for Options.Data
	Operation string // such as SendMessage; for the gateway, method and path: "POST /drains/shop"; for the disk: write or sync
	Function  string // if set, only the invocations of this function by the gateway and by mappings
	Skip      int    // how many matching calls succeed first
	Times     int    // how many matching calls then fail; 0: all until the fault is removed

	Delay   time.Duration // on the Server's clock, before the work; the call ends if the client goes away meanwhile
	Drop    Drop
	Status  int    // respond with this HTTP status instead of doing the work; 0: do the work
	Code    string // the AWS error code of that response, such as ThrottlingException
	Message string
}

// errDropped is the result of a call whose connection a Fault drops.
var errDropped = errors.New("the connection was closed without a response")

// applyFault calls do, subject to a fault. It returns errDropped if the fault drops the connection.
func (s *Server) applyFault(ctx context.Context, fault Fault, do func() error) error {
	if fault.Delay > 0 {
		if err := s.clock.Wait(ctx, fault.Delay); err != nil {
			return err
		}
	}
	switch {
	case fault.Drop == DropBefore:
		return errDropped
	case fault.Drop == DropAfter:
		_ = do() // the client never learns how it ended
		return errDropped
	case fault.Status != 0:
		e := awsapi.Errorf(fault.Status, fault.Code, "%s", fault.Message)
		e.QueryCode = fault.Code // SQS clients show it; others ignore it
		return e
	}
	return do()
}

// faults holds the active faults, in the order in which they were injected.
type faults struct {
	mu     sync.Mutex
	active []*activeFault
}

type activeFault struct {
	Fault
	seen int // number of matching calls so far
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
	f.active = slices.DeleteFunc(f.active, func(other *activeFault) bool { return other == a })
}

// selects reports whether the fault is for a call. function is empty unless the call is an invocation within AWS.
func (f Fault) selects(service, operation, function string) bool {
	return (f.Service == service || f.Service == "" && service != disk) && (f.Operation == "" || f.Operation == operation) && (f.Function == "" || f.Function == function)
}

// match returns the first fault that applies to a call, or the zero Fault. Every fault that selects the call counts it.
func (f *faults) match(service, operation, function string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *activeFault
	for _, a := range f.active {
		if !a.selects(service, operation, function) {
			continue
		}
		a.seen++
		if a.seen > a.Skip && (a.Times == 0 || a.seen <= a.Skip+a.Times) && first == nil {
			first = a
		}
	}
	if first == nil {
		return Fault{}
	}
	return first.Fault
}
