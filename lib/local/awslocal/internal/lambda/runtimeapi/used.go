package runtimeapi

import "time"

// Used is the time that an invocation took on this machine.
type Used struct {
	Elapsed time.Duration // from the invocation to its end; that of a new process begins with its start
	CPU     time.Duration // of the function itself; 0 if it is unknown
}

// vCPUMemory is the memory, in MB, with which a function has one vCPU. With less, it has that share of one.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const vCPUMemory = 1769

// Billed returns the duration that Lambda would bill for a function with so many MB of memory, in whole milliseconds.
// https://aws.amazon.com/lambda/pricing/
//
// The function's CPU time takes longer by the share of a vCPU that the memory gives, as if this machine's core were one of Lambda's. The rest of the time
// it waited, mostly for the answers of AWS's services. Here they come from this machine, some milliseconds sooner than on AWS.
func (u Used) Billed(memoryMB int) time.Duration {
	share := min(1, float64(memoryMB)/vCPUMemory)
	cpu := min(u.CPU, u.Elapsed) // several threads may have worked at a time
	billed := time.Duration(float64(cpu)/share) + u.Elapsed - cpu
	return max(time.Millisecond, (billed + time.Millisecond - 1).Truncate(time.Millisecond))
}
