package awslocal

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"heroku-drains/lib/local/awslocal/internal/clock"
)

// target is what a fault can select: a call, or what happens to a message or a mapping.
type target struct {
	service, operation string
	function           string          // of an invocation within AWS
	caller             string          // access key ID
	resources          func() []string // their names; nil: none
	input              []byte
}

// named returns the resources of a target that have these names.
func named(names ...string) func() []string { return func() []string { return names } }

// faults holds the active faults, in the order in which they were injected.
type faults struct {
	clock *clock.Clock
	seed  uint64

	mu       sync.Mutex
	injected uint64 // number of faults ever injected
	active   []*activeFault
	waiting  map[*context.CancelFunc]bool // see stopAtNext
}

// activeFault is a fault that was injected and not removed. The lock of faults guards seen, hits and random.
type activeFault struct {
	Fault
	from, until time.Time     // on the Server's clock; until is zero if the fault does not end
	removed     chan struct{} // closed when the fault is removed
	seen        int           // number of matching calls so far
	hits        int           // how many of them the fault was for
	random      *rand.Rand
}

func (f *faults) add(fault Fault) (a *activeFault, remove func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.injected++
	a = &activeFault{Fault: fault, from: f.clock.Now().Add(fault.After), removed: make(chan struct{}), random: rand.New(rand.NewPCG(f.seed, f.injected))}
	if fault.For > 0 {
		a.until = a.from.Add(fault.For)
	}
	f.active = append(f.active, a)
	for stop := range f.waiting {
		(*stop)()
	}
	return a, sync.OnceFunc(func() { f.remove(a) })
}

func (f *faults) remove(a *activeFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(a.removed)
	f.active = slices.DeleteFunc(f.active, func(other *activeFault) bool { return other == a })
}

// stopAtNext returns a context that ends as soon as a fault is injected, before add returns, and when the next fault begins that was injected already,
// on the Server's clock: zero if there is none. The caller must call stop.
func (f *faults) stopAtNext(ctx context.Context) (until context.Context, stop context.CancelFunc, next time.Time) {
	until, cancel := context.WithCancel(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiting == nil {
		f.waiting = map[*context.CancelFunc]bool{}
	}
	f.waiting[&cancel] = true
	now := f.clock.Now()
	for _, a := range f.active {
		if a.from.After(now) && (next.IsZero() || a.from.Before(next)) {
			next = a.from
		}
	}
	return until, func() {
		cancel()
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.waiting, &cancel)
	}, next
}

// match returns the first fault with an effect in this place that applies, or nil. Every fault that selects the target counts it.
func (f *faults) match(where place, t target) *activeFault {
	if t.caller == observer {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *activeFault
	for _, a := range f.active {
		if a.place() == where && a.lasts(f.clock.Now()) && a.selects(t) && a.hit() && first == nil {
			first = a
		}
	}
	return first
}

// lasts reports whether the fault has begun and has not ended.
func (a *activeFault) lasts(now time.Time) bool {
	return !now.Before(a.from) && (a.until.IsZero() || now.Before(a.until))
}

// hit counts a matching call, and reports whether the fault applies to it.
func (a *activeFault) hit() bool {
	a.seen++
	if a.seen <= a.Skip || a.Rate > 0 && a.random.Float64() >= a.Rate || a.Times > 0 && a.hits >= a.Times {
		return false
	}
	a.hits++
	return true
}

// selects reports whether the fault is for a target.
func (f Fault) selects(t target) bool {
	return (f.Service == t.service || f.Service == "" && t.service != disk) &&
		(f.Operation == "" || f.Operation == t.operation) &&
		(f.Function == "" || f.Function == t.function) &&
		(f.Caller == "" || f.Caller == t.caller) &&
		(f.Resource == "" || t.resources != nil && slices.ContainsFunc(t.resources(), f.names))
}

// names reports whether Resource names a resource.
func (f Fault) names(resource string) bool {
	for pattern := range strings.SplitSeq(f.Resource, ",") {
		if matches(pattern, resource) {
			return true
		}
	}
	return false
}

// matches reports whether a name has the form of a pattern, in which only * is special: log streams and groups have brackets and slashes.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return name == pattern
	}
	if !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) || len(name) < len(first)+len(last) {
		return false
	}
	rest := name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return true
}
