package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"heroku-drains/test/faults/matrix"
)

// binaries are the paths of the functions' binaries by function name.
var binaries map[string]string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	built, remove, err := matrix.BuildAll(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer remove()
	binaries = built
	return m.Run()
}

// atOnce is how many rows run at a time. Each waits for most of its time, so it is more than there are processors.
const atOnce = 5

// TestShort runs the rows of the matrix that take seconds.
func TestShort(t *testing.T) {
	busy := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	defer all.Wait()
	for _, row := range slices.Backward(matrix.Rows()) { // the last ones take longest
		if !row.Short {
			continue
		}
		busy <- struct{}{}
		all.Go(func() {
			defer func() { <-busy }()
			t.Run(row.Name, func(t *testing.T) { check(t, row) })
		})
	}
}

func check(t *testing.T, row matrix.Row) {
	r, err := matrix.Run(t.Context(), row, matrix.Options{Binaries: binaries})
	if err != nil {
		t.Error(err)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
	if t.Failed() {
		for _, e := range r.Examples {
			t.Log(e)
		}
	}
	t.Logf("%d made, %d acknowledged, %d dropped, %d stored, %d dead letters, %d lost, %d twice; 99.9 %% answered in %s; recovered after %s; took %s",
		r.Made, r.Acknowledged, r.Dropped, r.Stored, r.Letters, r.Lost, r.Duplicated, r.P999, r.Recovery, r.Took)
}
