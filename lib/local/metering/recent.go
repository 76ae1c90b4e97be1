package metering

import (
	"context"
	"sync"
	"time"

	"heroku-drains/lib/clock"
	"heroku-drains/lib/local/awslocal"
)

const (
	// Interval is the time between two readings that Recent keeps.
	Interval = 10 * time.Second
	// Span is how far back they go.
	Span = 10 * time.Minute
)

// Recent keeps readings of the meter of the last minutes. It is safe for concurrent use.
type Recent struct {
	Read func(context.Context) (awslocal.Metered, error)

	mu       sync.Mutex
	readings []awslocal.Metered // oldest first
}

// Watch takes readings until ctx ends. One that fails is left out.
func (r *Recent) Watch(ctx context.Context) {
	for {
		if m, err := r.Read(ctx); err == nil {
			r.add(m)
		}
		if clock.Sleep(ctx, Interval) != nil {
			return
		}
	}
}

func (r *Recent) add(m awslocal.Metered) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.readings); n > 0 && m.Since != r.readings[n-1].Since {
		r.readings = nil // the system was restarted
	}
	r.readings = append(r.readings, m)
	for len(r.readings) > 2 && m.At.Sub(r.readings[1].At) >= Span {
		r.readings = r.readings[1:]
	}
}

// Month returns what a month at the rate of the last minutes would use: see MonthAt.
func (r *Recent) Month(ctx context.Context) (Month, bool) {
	now, err := r.Read(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || len(r.readings) == 0 || now.Since != r.readings[0].Since {
		return Month{}, false
	}
	return MonthAt(r.readings[0], now)
}
