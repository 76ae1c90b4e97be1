package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
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
		"embedded AWS, as many per second as are stored as fast as they are sent, and checks each acknowledged line against the store, exact to the byte and the "+
		"millisecond. Sender, embedded AWS, checks and functions shared %d processors.\n\n",
		r.opts.senders, r.opts.duration, r.opts.apps, r.opts.senders, runtime.NumCPU())
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
	a := r.whole.answers
	row("responses", "p50 %s, p99 %s, p99.9 %s, at most %s", short(a.p50), short(a.p99), short(a.p999), short(a.most))
	if functions, driver, ok := r.growth(); ok {
		row("memory, last period against the first", "functions %+.1f %%, driver %+.1f %%", functions*100, driver*100)
	}
	fmt.Fprintf(&b, "\n![Lines per second, time to respond, and memory over the time of a soak](%s)\n\n", plotFile)
	b.WriteString("Memory is resident memory in MB. The driver is one process: Logplex, the embedded AWS with all queues and logs, and the checks, which let it forget " +
		"what they have checked. Each process of the storage function remembers up to 10,000 messages, to recognize retries: its memory rises a little until it does. The backlog is lines that are acknowledged and not stored yet.\n\n")
	b.WriteString("```\n" + tableHeader + "\n")
	for _, s := range r.rows {
		b.WriteString(s.String() + "\n")
	}
	b.WriteString("```\n")
	return b.String()
}
