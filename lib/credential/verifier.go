package credential

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// TTL is how long fetched keys are used before they are fetched again.
	TTL = time.Minute
	// ahead is how long before the TTL ends RefreshAhead fetches the keys.
	ahead = 15 * time.Second
	// Grace is how long a key is accepted after the last fetch that returned it. A key disappears after two rotations, but also from a fetch
	// in the middle of a rotation: then it is the key that all drains use.
	Grace = 2 * TTL
	// Pause is the minimum time between two attempts while fetching fails, and the time in which wrong passwords cause at most MaxLooks
	// fetches. It limits the Secrets Manager calls that a stranger can cause by guessing passwords.
	Pause = 10 * time.Second
	// MaxLooks is how many fetches wrong passwords may cause within Pause.
	MaxLooks = 5

	// settleTime is how long after a rotation no password is rejected: Secrets Manager is eventually consistent, and may return the new key
	// together with the last but one.
	settleTime = time.Minute
	// refreshTimeout limits a fetch that is not strictly necessary because there are older keys: Logplex waits for 5 seconds in total.
	refreshTimeout = time.Second
	// passwordTimeout limits the fetch for a call of the drains API; API Gateway waits for 30 seconds.
	passwordTimeout = 5 * time.Second
)

// ErrTooManyLooks means that a password matches no known key, and that there may be no more looks for a newer one for now: usually somebody is
// guessing passwords.
var ErrTooManyLooks = fmt.Errorf("the password matches no known key, and newer keys were looked for %d times within %s", MaxLooks, Pause)

// errJustRotated is another reason not to reject a password yet.
var errJustRotated = errors.New("the password matches no key, but the keys have just changed")

// Fetch returns the keys from where they are stored. It must respect the deadline of its context, and may retry within it.
type Fetch func(context.Context) (Keys, error)

// Verifier derives and checks passwords with cached keys. It is safe for concurrent use.
type Verifier struct {
	fetch Fetch
	now   func() time.Time

	lock      chan struct{} // holds one value while the fields below are in use; a channel, so that waiting ends with the context
	keys      Keys
	fetchedAt time.Time   // of keys; zero if there are none yet
	replaced  []replaced  // keys that later fetches did not return
	rejected  mismatches  // passwords that matched no key
	looks     []time.Time // of the last fetches that wrong passwords caused
	failedAt  time.Time   // of the last fetch that failed
	failure   error       // of that fetch
}

// replaced is a key that the last fetch did not return.
type replaced struct {
	key  []byte
	seen time.Time // by the last fetch that returned it
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

// Verify reports whether the password is the app's under the current or the previous key, or under one that was valid less than Grace ago. An
// error means that this is unknown for now: there are no keys, or the password matches none of the known keys, and there may be a newer one.
// The caller must then not reject the sender permanently.
func (v *Verifier) Verify(ctx context.Context, app, password string) (bool, error) {
	if err := v.acquire(ctx); err != nil {
		return false, err
	}
	defer v.release()
	fetched, err := v.ensureKeys(ctx)
	if err != nil {
		return false, err
	}
	if v.match(app, password) {
		return true, nil
	}
	if fetched { // by this call, so there are no newer ones
		v.rejected.addFetched(app, password)
		return false, v.justRotated()
	}
	if v.now().Sub(v.fetchedAt) < Pause && v.rejected.has(app, password) && v.justRotated() == nil {
		return false, nil
	}
	v.rejected.add(app, password)
	if err := v.look(ctx); err != nil {
		return false, err
	}
	if v.match(app, password) {
		return true, nil
	}
	v.rejected.addFetched(app, password)
	return false, v.justRotated()
}

// RefreshAhead fetches the keys if they are used for their first time, or soon have to be fetched again, beside what the caller does: then Verify need not
// fetch them, as long as there are requests. The caller must call wait in the end, and then reads what the fetch found with the next Verify. Its failure
// leaves everything to Verify.
func (v *Verifier) RefreshAhead(ctx context.Context) (wait func()) {
	if err := v.acquire(ctx); err != nil {
		return func() {}
	}
	age := v.now().Sub(v.fetchedAt)
	if !v.fetchedAt.IsZero() && age < TTL-ahead || v.failing() {
		v.release()
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer v.release()
		_ = v.tryRefresh(ctx) // the failure is remembered
	}()
	return func() { <-done }
}

// match reports whether a password is the app's under one of the known keys.
func (v *Verifier) match(app, password string) bool {
	keys := [][]byte{v.keys.Current, v.keys.Previous}
	for _, old := range v.replaced {
		if v.now().Sub(old.seen) < Grace {
			keys = append(keys, old.key)
		}
	}
	return match(keys, app, password)
}

// justRotated returns an error if the keys changed so recently that a password may be valid although it matches none of them.
func (v *Verifier) justRotated() error {
	if v.keys.RotatedAt.IsZero() || v.now().Sub(v.keys.RotatedAt).Abs() >= settleTime {
		return nil
	}
	return errJustRotated
}

// ensureKeys makes sure that there are keys: cached ones while they are fresh, otherwise fetched ones, or old ones if fetching fails. It
// reports whether it has fetched them.
func (v *Verifier) ensureKeys(ctx context.Context) (fetched bool, err error) {
	if v.fetchedAt.IsZero() {
		err := v.refresh(ctx)
		return err == nil, err
	}
	if v.now().Sub(v.fetchedAt) < TTL || v.failing() {
		return false, nil
	}
	return v.tryRefresh(ctx) == nil, nil
}

// look fetches the keys because a password matches none: they may have been rotated since. Only these fetches count as looks, not those caused
// by the keys' age, so that the first new password after a rotation is always checked with the new key.
func (v *Verifier) look(ctx context.Context) error {
	if v.failing() {
		return v.failure
	}
	if len(v.looks) == MaxLooks {
		if v.now().Sub(v.looks[0]) < Pause {
			return ErrTooManyLooks
		}
		v.looks = v.looks[1:]
	}
	v.looks = append(v.looks, v.now())
	return v.tryRefresh(ctx)
}

// failing reports whether the last fetch failed, less than Pause ago.
func (v *Verifier) failing() bool {
	return v.failure != nil && v.now().Sub(v.failedAt) < Pause
}

// tryRefresh is refresh with little time. After a failure, it makes no more attempts for a while.
func (v *Verifier) tryRefresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	err := v.refresh(ctx)
	v.failedAt, v.failure = v.now(), err
	return err
}

func (v *Verifier) refresh(ctx context.Context) error {
	keys, err := v.fetch(ctx)
	if err != nil {
		return fmt.Errorf("fetch the signing key: %w", err)
	}
	if keys.same(v.keys) {
		v.rejected.confirm()
	} else {
		v.rejected.clear()
	}
	v.replace(keys)
	return nil
}

// replace replaces the cached keys with fetched ones, and keeps those that are no longer among them for Grace.
func (v *Verifier) replace(keys Keys) {
	now := v.now()
	old := append(v.replaced, replaced{v.keys.Current, v.fetchedAt}, replaced{v.keys.Previous, v.fetchedAt})
	v.replaced = nil
	for _, r := range old {
		if r.key != nil && !keys.has(r.key) && now.Sub(r.seen) < Grace {
			v.replaced = append(v.replaced, r)
		}
	}
	v.keys, v.fetchedAt = keys, now
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
