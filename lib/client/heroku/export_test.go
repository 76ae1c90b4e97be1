package heroku

import (
	"context"

	"heroku-drains/lib/clock"
)

// SlowPace returns the function with which a Client waits before a request when few tokens are left.
func SlowPace() func(context.Context) error {
	t := newTokens(clock.Sleep)
	t.left = 0
	return t.wait
}
