package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// profileCPU profiles the CPU of this process until stop is called, into cpu.pprof in a folder. Without a folder, it does nothing.
func profileCPU(folder string) (stop func() error, err error) {
	if folder == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(filepath.Join(folder, "cpu.pprof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// profileHeap writes the heap of this process, as it was after the last garbage collection, to heap.pprof in a folder. Without a folder, it does nothing.
func profileHeap(folder string) error {
	if folder == "" {
		return nil
	}
	f, err := os.Create(filepath.Join(folder, "heap.pprof"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}
