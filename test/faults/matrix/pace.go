package matrix

import (
	"sync"
	"time"

	"heroku-drains/test/faults/lines"
)

// An app prints in bursts, so that most requests have many lines, and each burst begins with one that has a single line.
const (
	burst         = 100
	burstInterval = 200 * time.Millisecond
)

// pace passes on the lines of a Source in bursts, and none while it is paused.
type pace struct {
	lines  *lines.Source
	bursts bool

	mu     sync.Mutex
	open   chan struct{} // closed while lines are made
	single chan struct{} // has an element for each line to make while it is paused
	ending chan struct{} // closed when no more lines are needed
	left   int           // of the burst
	next   time.Time     // when the next one begins
}

func newPace(source *lines.Source, bursts bool) *pace {
	p := &pace{lines: source, bursts: bursts, open: make(chan struct{}), single: make(chan struct{}, 2*burst), ending: make(chan struct{})}
	close(p.open)
	return p
}

// Next implements simulate.Source.
func (p *pace) Next(at time.Time) []byte {
	if wait := p.wait(); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-p.ending:
		}
		at = time.Now()
	}
	p.mu.Lock()
	open := p.open
	p.mu.Unlock()
	select {
	case <-open:
	default:
		select {
		case <-open:
		case <-p.single:
		case <-p.ending:
		}
		at = time.Now()
	}
	return p.lines.Next(at)
}

// wait returns how long to wait for the next line's burst.
func (p *pace) wait() time.Duration {
	if !p.bursts {
		return 0
	}
	if p.left > 0 {
		p.left--
		return 0
	}
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(burstInterval)
	p.left = burst - 1
	return wait
}

// pause makes no more lines until resume.
func (p *pace) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = make(chan struct{})
}

func (p *pace) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.open)
}

// some makes n lines at once, at most two bursts, while it is paused.
func (p *pace) some(n int) {
	for range n {
		p.single <- struct{}{}
	}
}

// end makes Next return at once.
func (p *pace) end() { close(p.ending) }
