// Package memory sets how often a function collects its garbage.
package memory

import (
	"os"
	"runtime/debug"
)

const (
	// GCPercent is the functions' GOGC. They hold a few megabytes and make as many in each invocation, so that with Go's 100 the collector runs several
	// times in each, for a tenth to a fifth of the function's time: see docs/performance.md. https://go.dev/doc/gc-guide#GOGC
	GCPercent = 400

	// Limit is the functions' GOMEMLIMIT, in bytes: from there on the collector runs as often as it must. The largest event, of 6 MB, holds about 25 MB,
	// which GCPercent alone would let grow to 100 MB. With the limit, the heap of all benchmarks of such events stays below 48 MB, and none is slower than
	// with Go's defaults; with 48 MB, some are. https://go.dev/doc/gc-guide#Memory_limit
	Limit = 56 << 20
)

// Tune sets both, as far as the environment variables GOGC and GOMEMLIMIT are not set.
func Tune() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(GCPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(Limit)
	}
}
