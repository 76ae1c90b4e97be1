package console

import (
	"context"
	"sync"
	"time"
)

const (
	// loadLimit limits a load, which no request limits: several may wait for it.
	loadLimit = time.Minute
	// failedFor is how long an error is kept at most. Without it, an open page would repeat what fails every few seconds.
	failedFor = 10 * time.Second
)

// cache keeps what a load returned, for all pages that are open: whatever many of them ask for is loaded once. It loads only when somebody asks,
// so without an open page nothing is called.
type cache[T any] struct {
	load func(context.Context) (T, error)
	keep time.Duration

	mu      sync.Mutex
	value   T
	err     error
	until   time.Time     // when value and err are too old; zero: nothing is cached
	loading chan struct{} // closed when the load that is running has ended; nil: none is running
}

// get returns what was loaded, or loads it.
func (k *cache[T]) get(ctx context.Context, c *Console) (T, error) {
	for {
		k.mu.Lock()
		if c.opts.Now().Before(k.until) {
			defer k.mu.Unlock()
			return k.value, k.err
		}
		loading := k.start(c)
		k.mu.Unlock()
		select {
		case <-loading:
		case <-ctx.Done():
			var none T
			return none, context.Cause(ctx)
		case <-c.ctx.Done():
			var none T
			return none, context.Cause(c.ctx)
		}
	}
}

// peek returns what was loaded, even if it is too old or nothing. Then it is loaded in the background, for the next time.
func (k *cache[T]) peek(c *Console) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !c.opts.Now().Before(k.until) {
		k.start(c)
	}
	return k.value, k.err
}

// forget makes the next get load again.
func (k *cache[T]) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.until = time.Time{}
}

// start loads, if no load is running. It must be called with the lock.
func (k *cache[T]) start(c *Console) (loading chan struct{}) {
	if k.loading != nil {
		return k.loading
	}
	done := make(chan struct{})
	k.loading = done
	c.goWork(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, loadLimit)
		defer cancel()
		value, err := k.load(ctx)
		k.mu.Lock()
		defer k.mu.Unlock()
		keep := k.keep
		if err != nil {
			keep = min(keep, failedFor)
		} else {
			k.value = value
		}
		k.err, k.until, k.loading = err, c.opts.Now().Add(keep), nil
		close(done)
	})
	return done
}
