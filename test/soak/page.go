package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The files of the page, below docs.
const (
	pageFile = "soak.md"
	plotFile = "pictures/soak.svg"
)

// write writes the page and its plot into the folder of the documentation.
func (r *result) write(docs string) error {
	if err := os.WriteFile(filepath.Join(docs, plotFile), []byte(r.plot()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, pageFile), []byte(r.page()), 0o644)
}

// page returns the page.
func (r *result) page() string {
	var b strings.Builder
	b.WriteString("<!-- Written by `go run ./test/soak --write`. -->\n\n# Soak\n\n")
	fmt.Fprintf(&b, "`go run ./test/soak --senders %d --for %s` sends %d apps' lines through %d Logplex nodes to the real binaries of the functions on the "+
		"embedded AWS, and checks each acknowledged line against the store, exact to the byte and the millisecond. Sender, embedded AWS, checks and functions "+
		"shared %d processors.\n\n",
		r.opts.senders, inMinutes(r.opts.duration), r.opts.apps, r.opts.senders, runtime.NumCPU())
	fmt.Fprintf(&b, "The load is the highest that they sustain: at most %d lines are under way at a time, from the moment they are made until they are compared with "+
		"the store, and a new line is made whenever there is room. So nothing piles up, and the rate includes the checks. It was measured after %s of "+
		"the same load.\n\n", r.opts.window, inMinutes(r.opts.warmUp))
	b.WriteString("| | |\n|---|---|\n")
	row := func(name, format string, values ...any) {
		fmt.Fprintf(&b, "| %s | "+format+" |\n", append([]any{name}, values...)...)
	}
	row("lines acknowledged, with those of the warm-up", "%d", r.counts.acknowledged)
	row("lines lost", "%d", r.lost)
	row("lines changed", "%d", r.counts.altered)
	row("lines stored twice", "%d", r.counts.duplicates)
	row("lines dropped by Logplex", "%d", r.counts.dropped)
	row("dead letters", "%d", r.deadLetters)
	row("lines per second", "%.0f", r.whole.perSecond())
	row("POSTs per second", "%.0f", float64(r.whole.posts)/r.whole.length.Seconds())
	if r.busy > 0 {
		row("processors busy", "%.1f %%", r.busy*100)
	}
	a := r.whole.answers
	row("responses", "p50 %s, p99 %s, p99.9 %s, at most %s", short(a.p50), short(a.p99), short(a.p999), short(a.most))
	if functions, driver, ok := r.growth(); ok {
		row("memory, last minute against the first", "functions %+.1f %%, driver %+.1f %%", functions*100, driver*100)
	}
	fmt.Fprintf(&b, "\n![Lines per second, time to respond, and memory over the time of a soak](%s)\n\n", plotFile)
	b.WriteString("Memory is resident memory in MB. The driver is one process: Logplex, the embedded AWS with all queues and logs, and the checks, which let it forget " +
		"what they have checked. The backlog is lines that are acknowledged and not stored yet. The program fails if a line is lost, changed or dropped, or if the " +
		"memory of functions or driver in the last minute differs from that in the first by more than 10 %.\n\n")
	b.WriteString("```\n" + tableHeader + "\n")
	for _, s := range r.rows {
		b.WriteString(s.String() + "\n")
	}
	b.WriteString("```\n")
	return b.String()
}

// inMinutes returns a duration as people write it: 10m, not 10m0s.
func inMinutes(d time.Duration) string {
	text := d.String()
	if short, whole := strings.CutSuffix(text, "m0s"); whole {
		return short + "m"
	}
	return text
}
