package credential

import (
	"context"
	"fmt"
	"time"
)

const (
	// TTL is how long fetched keys are used before they are fetched again. A key that two rotations have replaced is accepted for this long.
	TTL = time.Minute
	// Pause is the minimum time between two fetches that wrong passwords cause, and between two attempts while fetching fails. It limits how
	// many Secrets Manager calls a stranger who guesses passwords can cause.
	Pause = 10 * time.Second

	// refreshTimeout limits a fetch that is not strictly necessary, because there are older keys: Logplex waits for 5 seconds in total.
	refreshTimeout = time.Second
	// passwordTimeout limits the fetch for a call of the drains API; API Gateway waits for 30 seconds.
	passwordTimeout = 5 * time.Second
)

// Fetch returns the keys from where they are stored. It must respect the deadline of its context, and may retry within it.
type Fetch func(context.Context) (Keys, error)

// Verifier checks and makes passwords with keys that it caches. It is safe for concurrent use.
type Verifier struct {
	fetch Fetch
	now   func() time.Time

	lock      chan struct{} // holds one value while the fields below are in use; a channel, so that waiting ends with the context
	keys      Keys
	fetchedAt time.Time // of keys; zero if there are none yet
	pausedAt  time.Time // of the last fetch that failed or that a wrong password caused
	pauseErr  error     // the error of that fetch
}

// NewVerifier returns a Verifier without keys: the first call fetches them. The age of the keys is measured with now, usually time.Now.
func NewVerifier(fetch Fetch, now func() time.Time) *Verifier {
	return &Verifier{fetch: fetch, now: now, lock: make(chan struct{}, 1)}
}

// Password returns the app's password under the current key. It always fetches the key, because shortly after a rotation the cached key would
// give the old password.
func (v *Verifier) Password(ctx context.Context, app string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, passwordTimeout)
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

// Verify reports whether the password is the app's under the current or the previous key. An error means that this is unknown for now: there
// are no keys, or the password does not match the cached keys and newer ones cannot be fetched. The caller must then not reject the sender
// permanently.
func (v *Verifier) Verify(ctx context.Context, app, password string) (bool, error) {
	if err := v.acquire(ctx); err != nil {
		return false, err
	}
	defer v.release()
	fetched, err := v.ensureKeys(ctx)
	if err != nil {
		return false, err
	}
	if v.keys.match(app, password) {
		return true, nil
	}
	if fetched { // by this call, so there are no newer ones
		return false, nil
	}
	if err := v.fetchNewer(ctx); err != nil {
		return false, err
	}
	return v.keys.match(app, password), nil
}

// ensureKeys makes sure that there are keys: cached ones while they are fresh, otherwise fetched ones, or old ones if fetching fails. It
// reports whether it has fetched them.
func (v *Verifier) ensureKeys(ctx context.Context) (fetched bool, err error) {
	if v.fetchedAt.IsZero() {
		err := v.refresh(ctx)
		return err == nil, err
	}
	if v.now().Sub(v.fetchedAt) < TTL || v.paused() && v.pauseErr != nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	if err := v.refresh(ctx); err != nil {
		v.pause(err)
		return false, nil
	}
	return true, nil
}

// fetchNewer fetches the keys because a password matches neither cached key: they may have been rotated since. A successful fetch
// starts a pause only here, not when age caused it, so that the first new password after a rotation is always checked with the new key.
func (v *Verifier) fetchNewer(ctx context.Context) error {
	if v.paused() {
		return v.pauseErr
	}
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	err := v.refresh(ctx)
	v.pause(err)
	return err
}

func (v *Verifier) paused() bool {
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
