package heroku

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"heroku-drains/lib/client/deadline"
)

const (
	// allTokens is the number of tokens that an account has at most.
	// https://devcenter.heroku.com/articles/platform-api-reference#rate-limits
	allTokens = 4500
	// fewTokens is the number of tokens below which requests slow down. It leaves a tenth of allTokens for other uses of the account.
	fewTokens = 450
	// tokenTime is the time in which Heroku adds a token: 75 per minute.
	tokenTime = time.Minute / 75
)

// tokens keeps a client from using up the API requests of its account, which Heroku counts in tokens.
type tokens struct {
	pause func(context.Context, time.Duration) error
	left  atomic.Int64  // according to the latest response; before the first one, all
	turn  chan struct{} // held by the request that waits for a token
}

func newTokens(pause func(context.Context, time.Duration) error) *tokens {
	t := &tokens{pause: pause, turn: make(chan struct{}, 1)}
	t.left.Store(allTokens)
	return t
}

// update reads the number of tokens left from a response.
func (t *tokens) update(header http.Header) {
	if n, err := strconv.ParseInt(header.Get("RateLimit-Remaining"), 10, 64); err == nil {
		t.left.Store(n)
	}
}

// wait returns at once while there are enough tokens. When there are few, it lets requests through no faster than Heroku adds tokens. The time
// that it takes does not count for a deadline.Limit.
func (t *tokens) wait(ctx context.Context) error {
	if t.left.Load() >= fewTokens {
		return nil
	}
	return deadline.Uncounted(ctx, func() error {
		select {
		case t.turn <- struct{}{}:
			defer func() { <-t.turn }()
			return t.pause(ctx, tokenTime)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
}

// least returns how long a number of requests takes at least.
func (t *tokens) least(requests int) time.Duration {
	free := max(0, int(t.left.Load())-fewTokens)
	return tokenTime * time.Duration(max(0, requests-free))
}
