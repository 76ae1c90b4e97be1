//go:build unix

package runtimeapi

import "syscall"

// stop stops the process without its notice, as Lambda freezes one between invocations.
func (e *environment) stop() error { return e.process.Signal(syscall.SIGSTOP) }

// resume lets a stopped process go on. It does nothing to one that runs.
func (e *environment) resume() error { return e.process.Signal(syscall.SIGCONT) }
