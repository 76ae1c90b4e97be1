package cli

import (
	"context"
	"fmt"
	"time"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/term"
)

// limited is ctx with a verb's --timeout.
func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within %s (--timeout)", limit))
}

// awsSide makes and waits for drains that Heroku is not to know of.
func (s *session) awsSide(api *apiclient.Client, p *term.Progress) *connect.Connector {
	return &connect.Connector{API: api, Progress: p, Wait: s.wait}
}
