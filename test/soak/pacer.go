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
	rate float64   // lines per second
	next time.Time // when the next line is due
}

// wait waits until the next line is due, or until ctx ends.
func (p *pacer) wait(ctx context.Context) {
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

// How the highest rate is found: it rises as long as no more lines wait to be stored than arrive in backlogTime, and falls otherwise.
const (
	firstRate   = 2000
	lowestRate  = 500
	rise        = 1.03
	fall        = 0.9
	backlogTime = 2 // seconds
)

// adjust changes the rate, given how many lines are acknowledged and not stored, and how many per second were acknowledged lately.
func (p *pacer) adjust(backlog int, perSecond float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case float64(backlog) > backlogTime*max(perSecond, lowestRate):
		p.rate = max(lowestRate, min(p.rate, perSecond)*fall)
	case perSecond > p.rate*0.9: // the senders keep up
		p.rate *= rise
	}
}
