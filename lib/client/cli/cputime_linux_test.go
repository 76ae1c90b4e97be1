package cli_test

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime returns the time that processors have spent on this process: that of the clock depends on what else runs.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
