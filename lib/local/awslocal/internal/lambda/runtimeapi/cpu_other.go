//go:build !linux

package runtimeapi

import "time"

// ThreadCPU returns 0, because the CPU time of a thread is unknown on this system.
func ThreadCPU() time.Duration { return 0 }

// processCPU returns 0, because the CPU time of a process is unknown on this system.
func processCPU(int) time.Duration { return 0 }
