package credential

import (
	"context"
	"fmt"
	"time"
)

const (
	// TTL is how long fetched keys are used before they are fetched again: a key that was rotated out twice is good for this long.
	TTL = time.Minute
	// Pause is the least time between two fetches that wrong passwords cause, and between two tries while fetching fails:
	// a stranger who guesses passwords must not be able to spend our Secrets Manager calls.
	Pause = 10 * time.Second

	// refreshBudget bounds a fetch that old keys could do without: Logplex waits 5 s in all.
	refreshBudget = time.Second
	// passwordBudget bounds the fetch of a management call; the gateway waits 30 s.
	passwordBudget = 5 * time.Second
)

// Fetch gets the keys from where they are kept. It honours its context's deadline, and tries again inside it as it sees fit.
type Fetch func(context.Context) (Keys, error)

// Verifier checks and makes passwords with keys that it keeps for a short time. It is safe for concurrent use.
type Verifier struct {
	fetch Fetch
	now   func() time.Time

	lock      chan struct{} // holds one value while the fields below are in use; a channel, so that waiting ends with the context
	keys      Keys
	fetchedAt time.Time // when keys were fetched; zero: not yet
	pausedAt  time.Time // the last fetch that failed, or that a wrong password caused
	pauseErr  error     // what came of that fetch
}

// NewVerifier makes a Verifier that has not fetched anything yet. The clock decides on age alone; production passes time.Now.
func NewVerifier(fetch Fetch, now func() time.Time) *Verifier {
	return &Verifier{fetch: fetch, now: now, lock: make(chan struct{}, 1)}
}

// Password is the app's password under the current key. The key is always fetched: right after a rotation, in a warm function, the kept
// one would give out the password that is about to go.
func (v *Verifier) Password(ctx context.Context, app string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, passwordBudget)
	defer cancel()
	if err := v.acquire(ctx); err != nil {
		return "", err
	}
	defer v.release()
	if err := v.refresh(ctx); err != nil {
		return "", err
	}
	return Password(v.keys.Current, app), nil
}

// Verify reports whether the password is the app's under the current or the previous key. An error means that this cannot be told now:
// there are no keys, or the password fits none of the kept keys and newer ones cannot be fetched. The caller must then not turn the
// sender away for good.
func (v *Verifier) Verify(ctx context.Context, app, password string) (bool, error) {
	if err := v.acquire(ctx); err != nil {
		return false, err
	}
	defer v.release()
	fetched, err := v.ready(ctx)
	if err != nil {
		return false, err
	}
	if v.keys.match(app, password) {
		return true, nil
	}
	if fetched { // for this very call: there is nothing newer
		return false, nil
	}
	if err := v.again(ctx); err != nil {
		return false, err
	}
	return v.keys.match(app, password), nil
}

// ready leaves usable keys: kept ones while they are fresh, fetched ones else, and old ones where fetching fails.
func (v *Verifier) ready(ctx context.Context) (fetched bool, err error) {
	if v.fetchedAt.IsZero() {
		err := v.refresh(ctx)
		return err == nil, err
	}
	if v.now().Sub(v.fetchedAt) < TTL || v.pausing() && v.pauseErr != nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, refreshBudget)
	defer cancel()
	if err := v.refresh(ctx); err != nil {
		v.pause(err)
		return false, nil
	}
	return true, nil
}

// again fetches because a password fits neither kept key: perhaps they were rotated since. The pause starts here, not with the fetches
// that age causes, so that the first new password after a rotation is always looked at with the new key.
func (v *Verifier) again(ctx context.Context) error {
	if v.pausing() {
		return v.pauseErr
	}
	ctx, cancel := context.WithTimeout(ctx, refreshBudget)
	defer cancel()
	err := v.refresh(ctx)
	v.pause(err)
	return err
}

func (v *Verifier) pausing() bool {
	return !v.pausedAt.IsZero() && v.now().Sub(v.pausedAt) < Pause
}

func (v *Verifier) pause(err error) {
	v.pausedAt, v.pauseErr = v.now(), err
}

func (v *Verifier) refresh(ctx context.Context) error {
	keys, err := v.fetch(ctx)
	if err != nil {
		return fmt.Errorf("fetch the signing key: %w", err)
	}
	v.keys, v.fetchedAt = keys, v.now()
	return nil
}

func (v *Verifier) acquire(ctx context.Context) error {
	select {
	case v.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the signing key: %w", ctx.Err())
	}
}

func (v *Verifier) release() { <-v.lock }
