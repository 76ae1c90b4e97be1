package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// result is what a path takes, by way.
type result struct {
	path  path
	cpu   []time.Duration // of a call, for each way
	ratio float64         // the time of this module's way over that of the usual one
}

// String returns the result as a line.
func (r result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-20s", r.path)
	for i, w := range r.path.ways {
		fmt.Fprintf(&b, "  %s %s", w.name, microseconds(r.cpu[i]))
	}
	fmt.Fprintf(&b, "  ratio %.2f", r.ratio)
	return b.String()
}

// measure measures the ways of a path, in turns, and returns the fastest round of each. It measures the processor's time, with that of the garbage
// collector, which every round has: that of the clock depends on what else runs. Even the processor's time rises when others use the caches, so of many
// rounds the fastest tells most.
func measure(ctx context.Context, p path, rounds int, each time.Duration) (result, error) {
	calls := make([]call, len(p.ways))
	times := make([][]time.Duration, len(p.ways))
	for i, w := range p.ways {
		var err error
		if calls[i], err = w.make(); err != nil {
			return result{}, err
		}
		if err := calls[i](ctx); err != nil { // clients connect, settings are read
			return result{}, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	for range rounds {
		for i, do := range calls {
			back := p.ways[i].collect()
			took, err := timeOne(ctx, do, each)
			back()
			if err != nil {
				return result{}, fmt.Errorf("%s: %w", p.ways[i].name, err)
			}
			times[i] = append(times[i], took)
		}
	}
	r := result{path: p}
	for _, t := range times {
		r.cpu = append(r.cpu, slices.Min(t))
	}
	r.ratio = float64(r.cpu[ours]) / float64(r.cpu[usual])
	return r, nil
}

// timeOne returns the processor's time of one call, from as many as fit into the given time.
func timeOne(ctx context.Context, do call, atLeast time.Duration) (time.Duration, error) {
	runtime.GC()
	begin := cpuTime()
	for n := 1; ; n++ {
		if err := do(ctx); err != nil {
			return 0, err
		}
		if took := cpuTime() - begin; took >= atLeast {
			return took / time.Duration(n), nil
		}
	}
}

// cpuTime returns the time that processors have spent on this process.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // cannot happen: the arguments are valid
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func microseconds(d time.Duration) string {
	return fmt.Sprintf("%.0f µs", float64(d)/float64(time.Microsecond))
}
