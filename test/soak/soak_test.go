package main

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// A short soak, with the functions in this process.
func TestSoak(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"--space=false", "--space"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := run(t.Context(), []string{"--in-process", "--senders", "6", "--apps", "3", "--warm-up", "0s", "--for", "1s", "--every", "500ms", mode}, &out)
			if err != nil {
				t.Error(err)
			}
			if text := out.String(); !strings.Contains(text, "lost 0, stored twice 0, changed 0, not sent but stored 0, dead letters 0") {
				t.Errorf("printed:\n%s", text)
			}
		})
	}
}

// Lines are only made while there is room for them.
func TestWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWindow(2)
		var made atomic.Int32
		go func() {
			for range 6 {
				w.take()
				made.Add(1)
			}
		}()
		for _, step := range []struct {
			name string
			do   func()
			want int32
		}{
			{"at the beginning", func() {}, 2},
			{"after nothing was given back", func() { w.give(0) }, 2},
			{"after two were given back", func() { w.give(2) }, 4},
			{"after the end", w.end, 6},
		} {
			step.do()
			synctest.Wait()
			if got := made.Load(); got != step.want {
				t.Errorf("%d lines %s, want %d", got, step.name, step.want)
			}
		}
	})
}
