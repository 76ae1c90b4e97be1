package main

import "sync"

// window limits how many lines are under way: made, and neither checked nor dropped. So lines are made as fast as the whole system, with the checks,
// deals with them, and what it has to hold of them has a limit. It is safe for concurrent use.
type window struct {
	mu    sync.Mutex
	free  int
	freed sync.Cond // its L is mu
	open  bool      // it has no limit any more
}

func newWindow(lines int) *window {
	w := &window{free: lines}
	w.freed.L = &w.mu
	return w
}

// take waits until a line may be made.
func (w *window) take() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.free <= 0 && !w.open {
		w.freed.Wait()
	}
	w.free--
}

// give makes room for lines.
func (w *window) give(lines int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.free += lines
	w.freed.Broadcast()
}

// end ends all waiting.
func (w *window) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = true
	w.freed.Broadcast()
}
