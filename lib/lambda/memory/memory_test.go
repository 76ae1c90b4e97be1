package memory_test

import (
	"math"
	"runtime/debug"
	"testing"

	"heroku-drains/lib/lambda/memory"
)

func TestTune(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
	for name, tt := range map[string]struct {
		environment map[string]string
		percent     int
		limit       int64
	}{
		"in Lambda":       {nil, memory.GCPercent, memory.Limit},
		"set by the user": {map[string]string{"GOGC": "50", "GOMEMLIMIT": "100MiB"}, 100, math.MaxInt64},
	} {
		t.Run(name, func(t *testing.T) {
			debug.SetGCPercent(100)
			debug.SetMemoryLimit(math.MaxInt64)
			for _, variable := range []string{"GOGC", "GOMEMLIMIT"} {
				t.Setenv(variable, tt.environment[variable])
			}
			memory.Tune()
			if got := debug.SetGCPercent(100); got != tt.percent {
				t.Errorf("GOGC %d, want %d", got, tt.percent)
			}
			if got := debug.SetMemoryLimit(-1); got != tt.limit {
				t.Errorf("GOMEMLIMIT %d, want %d", got, tt.limit)
			}
		})
	}
}
