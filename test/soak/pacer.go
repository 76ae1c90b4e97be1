package main

import (
	"context"
	"sync"
	"time"

	"heroku-drains/lib/clock"
)

// pacer limits the lines per second of all apps together. It is safe for concurrent use.
type pacer struct {
	mu   sync.Mutex
	rate float64   // lines per second; 0: no limit
	next time.Time // when the next line is due
}

// wait waits until the next line is due, or until ctx ends.
func (p *pacer) wait(ctx context.Context) {
	if p.rate == 0 {
		return
	}
	p.mu.Lock()
	now := time.Now()
	if p.next.Before(now.Add(-100 * time.Millisecond)) {
		p.next = now // what was not sent in time is not made up for
	}
	due := p.next
	p.next = p.next.Add(time.Duration(float64(time.Second) / p.rate))
	p.mu.Unlock()
	if wait := time.Until(due); wait > time.Millisecond {
		_ = clock.Sleep(ctx, wait)
	}
}
