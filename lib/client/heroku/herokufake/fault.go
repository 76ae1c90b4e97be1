package herokufake

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"heroku-drains/lib/clock"
)

// Drop says when a Fault closes the connection instead of answering.
type Drop int

// The client sees the connection end: before the work is done, after it without an answer, or in the middle of the answer.
const (
	DropNever Drop = iota
	DropBefore
	DropAfter
	DropHalfway
)

// Fault is something that goes wrong with some requests.
type Fault struct {
	Route string // which: "POST /apps/shop/log-drains", or with names for parts, "POST /apps/{app}/log-drains"; empty: all
	Skip  int    // this many of them go well first
	Times int    // then this many go wrong; 0: all until the fault is removed

	Delay       time.Duration // before the work; ends early when the client goes away
	Before      func()        // called before the work: what happens elsewhere at that moment; nil: nothing
	Drop        Drop
	Status      int // answer with this instead of doing the work; 0: do the work
	ID, Message string
	RetryAfter  int // seconds, with Status; 0: no such header
}

type activeFault struct {
	Fault
	seen int // matching requests so far
}

// faults are those in force, in the order of their injection.
type faults struct {
	mu     sync.Mutex
	active []*activeFault
}

// Inject makes requests go wrong until remove is called.
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

// match is the first fault that strikes a request, or the zero Fault, which changes nothing. Every fault that is for its route counts it.
func (f *faults) match(r *http.Request) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var struck *activeFault
	for _, a := range f.active {
		if a.Route != "" && a.Route != r.Pattern && a.Route != r.Method+" "+r.URL.EscapedPath() {
			continue
		}
		a.seen++
		if struck == nil && a.seen > a.Skip && (a.Times == 0 || a.seen <= a.Skip+a.Times) {
			struck = a
		}
	}
	if struck == nil {
		return Fault{}
	}
	return struck.Fault
}

// happen is what comes before the work.
func (f Fault) happen(r *http.Request) {
	_ = clock.Sleep(r.Context(), f.Delay) // the client may be gone by then
	if f.Before != nil {
		f.Before()
	}
}

// answer is what a request gets instead of the work.
func (f Fault) answer() answer {
	a := refusal(f.Status, f.ID, f.Message)
	if f.RetryAfter != 0 {
		a.header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	return a
}
