package storage

import "time"

// CloudWatch Logs rejects events outside these limits one by one, while the call succeeds. The retention of the log group can make the
// window narrower. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const (
	maxAge   = 14 * 24 * time.Hour
	maxAhead = 2 * time.Hour
)

// Times are moved into the window before they reach its edge. An event grows older until CloudWatch Logs has it, through all retries, so
// the margin at that edge allows for the function's timeout and for different clocks. At the other edge only the clocks matter.
const (
	ageMargin   = 2 * time.Minute
	aheadMargin = 10 * time.Second
)

// window is the range of event times that CloudWatch Logs accepts.
type window struct {
	oldest, now, newest time.Time
	older               time.Time // the event time of older lines
}

// newWindow returns the window at a time, for a log group with the given retention; 0 means that its events never expire.
func newWindow(now time.Time, retention time.Duration) window {
	w := window{now: now, newest: now.Add(maxAhead - aheadMargin)}
	if 0 < retention && retention <= maxAge {
		// At the start of the window, an event would expire as soon as it is stored.
		w.oldest, w.older = now.Add(-retention+ageMargin), now
		return w
	}
	w.oldest = now.Add(-maxAge + ageMargin)
	w.older = w.oldest
	return w
}

// clamp returns a time that CloudWatch Logs accepts, and reports whether it differs. A line that is too old for CloudWatch Logs gets the start
// of the window; one that is too old for the retention gets the current time, so that it is kept as long as others. So does a line after the
// window's end, because a clock that far ahead is wrong.
func (w window) clamp(t time.Time) (time.Time, bool) {
	switch {
	case t.Before(w.oldest):
		return w.older, true
	case t.After(w.newest):
		return w.now, true
	}
	return t, false
}
