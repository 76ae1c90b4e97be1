package heroku

import "context"

// Sleep is how a Client waits by itself.
var Sleep = sleep

// SlowPace is how a Client waits before a request when few are left.
func SlowPace() func(context.Context) error {
	t := newTokens(sleep)
	t.left.Store(0)
	return t.wait
}
