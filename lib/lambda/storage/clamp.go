package storage

import "time"

// window is the time span of the events that CloudWatch keeps.
type window struct{ oldest, now, newest time.Time }

// newWindow is the window at a moment, for a log group whose events expire after the retention; 0 means never.
func newWindow(now time.Time, retention time.Duration) window {
	age := maxAge
	if retention > 0 {
		age = min(age, retention)
	}
	return window{oldest: now.Add(-age + ageMargin), now: now, newest: now.Add(maxAhead - aheadMargin)}
}

// clamp moves a time that CloudWatch would refuse: to the window's beginning, or from beyond its end to now, since a clock that far ahead
// is wrong. It reports whether it did.
func (w window) clamp(t time.Time) (time.Time, bool) {
	switch {
	case t.Before(w.oldest):
		return w.oldest, true
	case t.After(w.newest):
		return w.now, true
	}
	return t, false
}
