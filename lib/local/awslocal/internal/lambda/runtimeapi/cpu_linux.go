package runtimeapi

import (
	"syscall"
	"time"
	"unsafe"
)

// threadClock is the clock of the CPU time of the calling thread.
const threadClock = 3

// ThreadCPU returns the CPU time of the calling thread, or 0 if it is unknown.
func ThreadCPU() time.Duration { return cpuTime(threadClock) }

// processCPU returns the CPU time of a process, of all its threads, or 0 if it is unknown.
// https://man7.org/linux/man-pages/man3/clock_getcpuclockid.3.html
func processCPU(pid int) time.Duration {
	const ofProcess = 2 // CPUCLOCK_SCHED in the kernel's posix-timers.h; the other bits are the process
	return cpuTime(^pid<<3 | ofProcess)
}

func cpuTime(clock int) time.Duration {
	var t syscall.Timespec
	if _, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0
	}
	return time.Duration(t.Nano())
}
