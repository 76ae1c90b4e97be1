package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
)

// memory is what processes use at a moment, in bytes.
type memory struct {
	functions map[string]int // resident, of all processes of a function
	processes int            // of all functions
	driver    int            // resident, of this process: senders, embedded AWS and checks
	heap      int            // of this process, what was live after the last garbage collection
}

// total returns the resident memory of all functions.
func (m memory) total() int {
	sum := 0
	for _, bytes := range m.functions {
		sum += bytes
	}
	return sum
}

// measure measures the processes that run the binaries. Resident memory is only known on Linux.
func measure(binaries map[string]string) memory {
	m := memory{functions: map[string]int{}, heap: liveHeap()}
	if runtime.GOOS != "linux" {
		return m
	}
	m.driver = resident(os.Getpid())
	names := map[string]string{}
	for name, path := range binaries {
		names[path] = name
	}
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		program, err := os.Readlink(folder + "/exe")
		if err != nil {
			continue // the process has ended, or is another user's
		}
		name, ours := names[program]
		pid, err := strconv.Atoi(filepath.Base(folder))
		if !ours || err != nil {
			continue
		}
		m.functions[name] += resident(pid)
		m.processes++
	}
	return m
}

// resident returns the resident memory of a process in bytes; 0 if it has ended. https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html
func resident(pid int) int {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(content))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}

func liveHeap() int {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}
