package heroku

import (
	"context"
	"net/http"
	"strconv"
	"sync"
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
	turn  chan struct{} // held by the request that waits for a token

	mu    sync.Mutex
	begun int // how many requests have begun
	left  int // according to the newest response; before the first one, all
	known int // how many requests had begun when that response arrived
}

func newTokens(pause func(context.Context, time.Duration) error) *tokens {
	return &tokens{pause: pause, turn: make(chan struct{}, 1), left: allTokens}
}

// begin returns the number of a request that begins.
func (t *tokens) begin() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun++
	return t.begun
}

// update reads the number of tokens left from the response to a request. Of requests that overlap, responses arrive in any order, so the lowest
// number counts: tokens are used faster than Heroku adds them.
func (t *tokens) update(request int, header http.Header) {
	n, err := strconv.Atoi(header.Get("RateLimit-Remaining"))
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if request > t.known || n < t.left {
		t.left, t.known = n, t.begun
	}
}

// remaining returns how many tokens are left.
func (t *tokens) remaining() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.left
}

// wait returns at once while there are enough tokens. When there are few, it lets requests through no faster than Heroku adds tokens. The time
// that it takes does not count for a deadline.Limit.
func (t *tokens) wait(ctx context.Context) error {
	if t.remaining() >= fewTokens {
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
	free := max(0, t.remaining()-fewTokens)
	return tokenTime * time.Duration(max(0, requests-free))
}
