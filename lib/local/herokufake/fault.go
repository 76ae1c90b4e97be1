package herokufake

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"heroku-drains/lib/clock"
)

// Drop is when a Fault closes the connection instead of answering.
type Drop int

// The connection is closed before the request is carried out, after that without an answer, or in the middle of the answer.
const (
	DropNever Drop = iota
	DropBefore
	DropAfter
	DropHalfway
)

// Fault makes some requests fail.
type Fault struct {
	Route string // such as "POST /apps/shop/log-drains", or "POST /apps/{app}/log-drains" for every app; empty for all requests
	Skip  int    // how many matching requests succeed first
	Times int    // how many fail after that; 0 for all until the fault is removed

	Delay       time.Duration // before the request is carried out; ends early if the client disconnects
	Before      func()        // if set, called before the request is carried out
	Drop        Drop
	Status      int    // if set, the answer's status; the request is not carried out
	ID, Message string // of the answer with Status
	RetryAfter  int    // of the answer with Status, in seconds; 0 for no such header
}

type activeFault struct {
	Fault
	seen int // matching requests so far
}

// faults are the active faults, in the order of their injection.
type faults struct {
	mu     sync.Mutex
	active []*activeFault
}

// Inject makes requests fail until remove is called.
func (s *Server) Inject(f Fault) (remove func()) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	active := &activeFault{Fault: f}
	s.faults.active = append(s.faults.active, active)
	return func() {
		s.faults.mu.Lock()
		defer s.faults.mu.Unlock()
		s.faults.active = slices.DeleteFunc(s.faults.active, func(other *activeFault) bool { return other == active })
	}
}

// match returns the first fault that applies to a request, or the zero Fault, which has no effect. Each fault for its route counts the request.
func (f *faults) match(r *http.Request) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *activeFault
	for _, a := range f.active {
		if a.Route != "" && a.Route != r.Pattern && a.Route != r.Method+" "+r.URL.EscapedPath() {
			continue
		}
		a.seen++
		if first == nil && a.seen > a.Skip && (a.Times == 0 || a.seen <= a.Skip+a.Times) {
			first = a
		}
	}
	if first == nil {
		return Fault{}
	}
	return first.Fault
}

// delay does what comes before the request is carried out.
func (f Fault) delay(r *http.Request) {
	_ = clock.Sleep(r.Context(), f.Delay) // the client may have disconnected
	if f.Before != nil {
		f.Before()
	}
}

// answer returns the answer with Status.
func (f Fault) answer() answer {
	a := refusal(f.Status, f.ID, f.Message)
	if f.RetryAfter != 0 {
		a.header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	return a
}
