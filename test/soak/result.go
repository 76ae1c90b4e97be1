package main

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/stack"
)

// result is what a soak has measured.
type result struct {
	opts        options
	points      []sample // for the plot
	rows        []sample // of the table
	whole       sample
	busy        float64 // share of the time that the machine's processors worked; 0 if it is not known
	tally       simulate.Tally
	counts      counts
	lost        int    // lines acknowledged and not stored
	deadLetters int    // messages
	calls       string // of AWS by the functions
}

// The columns of the table. Memory is in MB.
const (
	tableHeader = "    time   lines/s  POSTs/s      p50      p99    p99.9      max  backlog  drains storage  alerts processes  driver    heap"
	tableRow    = "%8s %9.0f %8.0f %8s %8s %8s %8s %8d %7.0f %7.0f %7.0f %9d %7.0f %7.0f"
)

// String returns a row of the table.
func (s sample) String() string {
	return fmt.Sprintf(tableRow, s.after.Round(time.Second), s.perSecond(), float64(s.posts)/s.length.Seconds(),
		short(s.answers.p50), short(s.answers.p99), short(s.answers.p999), short(s.answers.most), s.backlog,
		megabytes(s.memory.functions[stack.LocalDrainsFunction]), megabytes(s.memory.functions[stack.LocalStorageFunction]),
		megabytes(s.memory.functions[stack.LocalAlertsFunction]), s.memory.processes, megabytes(s.memory.driver), megabytes(s.memory.heap))
}

func megabytes(bytes int) float64 { return float64(bytes) / 1e6 }

// short returns a duration with three digits.
func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2fs", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.0fms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.1fms", float64(d)/1e6)
}

// String returns the sums.
func (r *result) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, r.whole)
	fmt.Fprintf(&b, "\nwith the warm-up: %d lines made, %d acknowledged, %d dropped, %d stored; %d POSTs, answers %v\n",
		r.tally.Made, r.counts.acknowledged, r.counts.dropped, r.counts.stored, r.tally.Tries, r.tally.Answers)
	fmt.Fprintf(&b, "lost %d, stored twice %d, changed %d, not sent but stored %d, dead letters %d\n",
		r.lost, r.counts.duplicates, r.counts.altered, r.counts.foreign, r.deadLetters)
	fmt.Fprintf(&b, "processors busy %.1f %%\n", r.busy*100)
	fmt.Fprintf(&b, "calls of AWS: %s\n", r.calls)
	if functions, driver, ok := r.growth(); ok {
		fmt.Fprintf(&b, "memory of the last minute against the first: functions %+.1f %%, driver %+.1f %%\n", functions*100, driver*100)
	} else {
		b.WriteString("memory is not judged: that takes two minutes, and Linux\n")
	}
	if err := r.verdict(); err != nil {
		b.WriteString("FAIL")
	} else {
		b.WriteString("PASS")
	}
	return b.String()
}

// flat is by which share the memory in the last minute may differ from that in the first.
const flat = 0.1

// growth returns by which share the memory in the last minute is more than in the first: means of the points in them. It is not known if the
// measurement is shorter than both.
func (r *result) growth() (functions, driver float64, ok bool) {
	if r.opts.duration < 2*time.Minute || len(r.points) == 0 || r.points[0].memory.driver == 0 {
		return 0, 0, false
	}
	end := r.points[len(r.points)-1].after
	grown := func(of func(memory) int) float64 {
		before, after := r.mean(0, time.Minute, of), r.mean(end-time.Minute, end, of)
		if before == 0 {
			return 0
		}
		return after/before - 1
	}
	return grown(memory.total), grown(func(m memory) int { return m.driver }), true
}

func checkFlat(name string, growth float64) error {
	if math.Abs(growth) <= flat {
		return nil
	}
	return fmt.Errorf("the memory of the %s in the last minute differs by %+.1f %% from the first", name, growth*100)
}

// mean returns the mean of the points after one time until another.
func (r *result) mean(after, until time.Duration, of func(memory) int) float64 {
	sum, n := 0, 0
	for _, p := range r.points {
		if after < p.after && p.after <= until {
			sum, n = sum+of(p.memory), n+1
		}
	}
	return float64(sum) / float64(max(n, 1))
}

// verdict returns an error if the promise is broken, because a line that was acknowledged is not stored exactly, if the load was too high for the
// responses to come in time, or if the memory is not flat.
func (r *result) verdict() error {
	var failed []error
	if r.lost > 0 {
		failed = append(failed, fmt.Errorf("%d lines that were acknowledged are not stored (%d dead letters)", r.lost, r.deadLetters))
	}
	if r.counts.altered > 0 {
		failed = append(failed, fmt.Errorf("%d lines are stored with another text or time, such as %s", r.counts.altered, r.counts.example))
	}
	if r.counts.foreign > 0 {
		failed = append(failed, fmt.Errorf("%d stored lines were not sent", r.counts.foreign))
	}
	if r.counts.dropped > 0 {
		failed = append(failed, fmt.Errorf("%d lines were dropped by Logplex, because they were not acknowledged in time", r.counts.dropped))
	}
	functions, driver, _ := r.growth()
	failed = append(failed, checkFlat("functions", functions), checkFlat("driver", driver))
	if r.tally.Acknowledged == 0 {
		failed = append(failed, errors.New("no line was acknowledged"))
	}
	return errors.Join(failed...)
}
