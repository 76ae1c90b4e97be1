package heroku

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	// fewTokens is the number of tokens below which requests slow down. It leaves a tenth of an account's 4,500 for other uses of the account.
	// https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	fewTokens = 450
	// tokenTime is the time in which Heroku adds a token: 75 per minute.
	tokenTime = time.Minute / 75
)

// tokens keeps a client from using up the API requests of its account, which Heroku counts in tokens.
type tokens struct {
	pause func(context.Context, time.Duration) error
	left  atomic.Int64  // according to the latest response
	turn  chan struct{} // held by the request that waits for a token
}

func newTokens(pause func(context.Context, time.Duration) error) *tokens {
	t := &tokens{pause: pause, turn: make(chan struct{}, 1)}
	t.left.Store(fewTokens)
	return t
}

// update reads the number of tokens left from a response.
func (t *tokens) update(header http.Header) {
	if n, err := strconv.ParseInt(header.Get("RateLimit-Remaining"), 10, 64); err == nil {
		t.left.Store(n)
	}
}

// wait returns at once while there are enough tokens. When there are few, it lets requests through no faster than Heroku adds tokens.
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
