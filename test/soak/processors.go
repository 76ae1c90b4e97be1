package main

import (
	"os"
	"strconv"
	"strings"
)

// processors is how long the machine's processors have worked, and how long altogether, since the machine was started, in ticks. It is zero where
// that is not known.
type processors struct{ busy, all int }

// readProcessors reads it. https://man7.org/linux/man-pages/man5/proc_stat.5.html
func readProcessors() processors {
	content, err := os.ReadFile("/proc/stat")
	if err != nil {
		return processors{} // not Linux
	}
	line, _, _ := strings.Cut(string(content), "\n")
	var p processors
	for i, field := range strings.Fields(line) {
		if i < 1 || i > 8 {
			continue // the name, and times of guests, which are in others
		}
		ticks, err := strconv.Atoi(field)
		if err != nil {
			return processors{}
		}
		p.all += ticks
		if i != 4 && i != 5 { // idle, and idle while something is read from a disk
			p.busy += ticks
		}
	}
	return p
}

// since returns the share of the time since an earlier reading that the processors worked; 0 if it is not known.
func (p processors) since(before processors) float64 {
	if p.all == before.all {
		return 0
	}
	return float64(p.busy-before.busy) / float64(p.all-before.all)
}
