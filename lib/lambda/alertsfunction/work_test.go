package alertsfunction_test

import (
	"context"
	"path"
	"sync/atomic"
)

// work counts a function's invocations that run: it says when a test may advance the clock.
type work struct{ running atomic.Int64 }

// watch returns a function's handler whose invocations are counted.
func (w *work) watch(handle func(context.Context, []byte) ([]byte, error)) func(context.Context, []byte) ([]byte, error) {
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		w.running.Add(1)
		defer w.running.Add(-1)
		return handle(ctx, payload)
	}
}

// idle reports whether nothing happens until the clock is advanced: no invocation runs, and none is about to begin.
func (s *system) idle() bool {
	left := s.server.Backlog(path.Base(s.queue))
	return left.Visible == 0 && left.Taken == 0 && s.work.running.Load() == 0
}
