package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"heroku-drains/lib/stack"
)

// kept is how many lines local keeps, of how many apps.
const (
	kept     = 1_000_000
	keptApps = 10
)

// memoryName is how --only calls what memory measures.
const memoryName = "memory of local"

// keeping is what local takes for lines.
type keeping struct {
	where          string
	started, after int64         // memory before and after the lines are stored, in bytes
	cpu            time.Duration // of local for a line
}

// keepings measures local with its data in memory and on disk.
func keepings(ctx context.Context, v version) ([]keeping, error) {
	dir, err := os.MkdirTemp("", "performance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	program, err := buildCLI(ctx, v, dir)
	if err != nil {
		return nil, err
	}
	var all []keeping
	for _, mode := range []struct {
		where string
		args  []string
	}{{"in memory", nil}, {"`--data DIR`", []string{"--data", filepath.Join(dir, "data")}}} {
		s, err := startSystem(ctx, program, mode.args...)
		if err != nil {
			return nil, err
		}
		k, err := keep(ctx, s)
		_ = s.stop() // by a signal
		if err != nil {
			return nil, err
		}
		k.where = v.name + mode.where
		all = append(all, k)
	}
	s, err := startSystem(ctx, program, "--data", filepath.Join(dir, "data"))
	if err != nil {
		return nil, err
	}
	defer s.stop() //nolint:errcheck // it is stopped by a signal
	k := keeping{where: v.name + "`--data DIR`, started again"}
	if k.after, err = s.memory(); err != nil {
		return nil, err
	}
	k.started = k.after
	if k.cpu, err = s.cpu(); err != nil {
		return nil, err
	}
	k.cpu /= kept
	return append(all, k), nil
}

// keep stores lines in local.
func keep(ctx context.Context, s *system) (k keeping, err error) {
	for n := range keptApps {
		if _, err := s.run(ctx, s.aws, "put", "-a", fmt.Sprint("app-", n)); err != nil {
			return k, err
		}
	}
	if k.started, err = s.memory(); err != nil {
		return k, err
	}
	before, err := s.cpu()
	if err != nil {
		return k, err
	}
	write := written("text")
	for n := range keptApps {
		if err := s.fill(ctx, fmt.Sprint(stack.DefaultStreamPrefix, "app-", n), kept/keptApps, write); err != nil {
			return k, err
		}
	}
	after, err := s.cpu()
	if err != nil {
		return k, err
	}
	k.cpu = (after - before) / kept
	k.after, err = s.memory()
	return k, err
}

// memoryTable returns what local takes.
func memoryTable(all []keeping) table {
	rows := [][]string{{"data", "memory before", fmt.Sprintf("with %d lines", kept), "CPU a line"}}
	for _, k := range all {
		rows = append(rows, []string{k.where, wholeMegabytes(k.started), wholeMegabytes(k.after), fmt.Sprintf("%.1f µs", float64(k.cpu)/1e3)})
	}
	return table{"memory", markdown(rows)}
}
