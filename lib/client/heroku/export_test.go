package heroku

import (
	"context"

	"heroku-drains/lib/clock"
)

// SlowPace is how a Client waits before a request when few are left.
func SlowPace() func(context.Context) error {
	t := newTokens(clock.Sleep)
	t.left.Store(0)
	return t.wait
}
