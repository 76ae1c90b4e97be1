package heroku

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	// fewTokens is when to slow down: a tenth of the 4,500 that an account has, so that the rest of it is left for the account's other
	// users. https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	fewTokens = 450
	// tokenTime is how long Heroku takes to give back one token: 75 a minute.
	tokenTime = time.Minute / 75
)

// tokens keeps a client from using up its account's requests.
type tokens struct {
	pause func(context.Context, time.Duration) error
	left  atomic.Int64  // as the latest answer had it
	turn  chan struct{} // held by the one request that waits
}

func newTokens(pause func(context.Context, time.Duration) error) *tokens {
	t := &tokens{pause: pause, turn: make(chan struct{}, 1)}
	t.left.Store(fewTokens)
	return t
}

// saw notes what an answer says of the tokens left.
func (t *tokens) saw(header http.Header) {
	if n, err := strconv.ParseInt(header.Get("RateLimit-Remaining"), 10, 64); err == nil {
		t.left.Store(n)
	}
}

// wait lets requests go at once while there are tokens enough, and no faster than Heroku gives them back when there are few.
func (t *tokens) wait(ctx context.Context) error {
	if t.left.Load() >= fewTokens {
		return nil
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
		return t.pause(ctx, tokenTime)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
