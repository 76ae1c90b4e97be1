package credential_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"heroku-drains/lib/credential"
)

var (
	oldKey    = []byte("the first signing key, 32 bytes!")
	newKey    = []byte("the second signing key, 32 bytes")
	newestKey = []byte("the third signing key, 32 bytes!")
	errDown   = errors.New("secrets manager is down")
)

// vault is a fake of Secrets Manager, and of the clock.
type vault struct {
	mu      sync.Mutex
	keys    credential.Keys
	err     error
	fetches int
	now     time.Time
}

func newVault() *vault {
	return &vault{keys: credential.Keys{Current: oldKey}, now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
}

func (v *vault) fetch(context.Context) (credential.Keys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.fetches++
	return v.keys, v.err
}

func (v *vault) clock() time.Time           { return v.now }
func (v *vault) advance(d time.Duration)    { v.now = v.now.Add(d) }
func (v *vault) rotate(key []byte)          { v.keys = credential.Keys{Current: key, Previous: v.keys.Current} }
func (v *vault) new() *credential.Verifier  { return credential.NewVerifier(v.fetch, v.clock) }
func (v *vault) password(key []byte) string { return credential.Password(key, "shop") }
func (v *vault) wantFetches(t *testing.T, n int) {
	t.Helper()
	if v.fetches != n {
		t.Errorf("the key was fetched %d times, want %d", v.fetches, n)
	}
}

func verify(t *testing.T, v *credential.Verifier, password string, want bool) {
	t.Helper()
	got, err := v.Verify(t.Context(), "shop", password)
	if err != nil || got != want {
		t.Errorf("Verify = %v, %v; want %v", got, err, want)
	}
}

func TestVerify(t *testing.T) {
	vault := newVault()
	vault.rotate(newKey)
	tests := []struct {
		name, app, password string
		want                bool
	}{
		{"current key", "shop", credential.Password(newKey, "shop"), true},
		{"previous key", "shop", credential.Password(oldKey, "shop"), true},
		{"another key", "shop", credential.Password(newestKey, "shop"), false},
		{"another app's", "shop", credential.Password(newKey, "shop-staging"), false},
		{"no password", "shop", "", false},
		{"truncated", "shop", credential.Password(newKey, "shop")[:31], false},
		{"longer", "shop", credential.Password(newKey, "shop") + "A", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vault.new().Verify(t.Context(), test.app, test.password)
			if err != nil || got != test.want {
				t.Errorf("Verify = %v, %v; want %v", got, err, test.want)
			}
		})
	}
}

func TestAMissingPreviousKeyIsNotAnEmptyKey(t *testing.T) {
	verify(t, newVault().new(), credential.Password(nil, "shop"), false)
}

func TestKeysAreCachedForTheTTL(t *testing.T) {
	vault := newVault()
	v := vault.new()
	for range 3 {
		verify(t, v, vault.password(oldKey), true)
	}
	vault.wantFetches(t, 1)
	vault.advance(credential.TTL - time.Nanosecond)
	verify(t, v, vault.password(oldKey), true)
	vault.wantFetches(t, 1)
	vault.advance(time.Nanosecond)
	verify(t, v, vault.password(oldKey), true)
	vault.wantFetches(t, 2)
}

// With requests that come often enough, no Verify waits for a fetch but the first.
func TestRefreshAhead(t *testing.T) {
	vault := newVault()
	v := vault.new()
	for i := range 40 {
		fetches := vault.fetches
		verify(t, v, vault.password(oldKey), true)
		if i > 0 && vault.fetches > fetches {
			t.Errorf("request %d waited for a fetch", i)
		}
		v.RefreshAhead(t.Context())()
		vault.advance(10 * time.Second)
	}
	vault.wantFetches(t, 1+39/5) // every 50 seconds
	vault.err = errDown
	vault.advance(credential.TTL)
	v.RefreshAhead(t.Context())()
	fetches := vault.fetches
	v.RefreshAhead(t.Context())() // not again at once
	verify(t, v, vault.password(oldKey), true)
	vault.wantFetches(t, fetches)
	vault.err = nil
	vault.rotate(newKey)
	vault.advance(credential.Pause)
	v.RefreshAhead(t.Context())()
	verify(t, v, vault.password(newKey), true)
	vault.wantFetches(t, fetches+1)
}

func TestRotationTakesEffectAtOnce(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	verify(t, v, vault.password(newKey), true)
	verify(t, v, vault.password(oldKey), true)
	vault.wantFetches(t, 2)
}

// TestRotationTakesEffectRightAfterARefresh checks that a fetch caused by age does not delay the one that a rotation needs: the first POST with
// a new password would be lost.
func TestRotationTakesEffectRightAfterARefresh(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.advance(credential.TTL)
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	verify(t, v, vault.password(newKey), true)
	vault.wantFetches(t, 3)
}

func TestAKeyIsInvalidAfterTwoRotations(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	vault.rotate(newestKey)
	vault.advance(credential.Grace - time.Nanosecond)
	verify(t, v, vault.password(oldKey), true)
	vault.advance(time.Nanosecond)
	verify(t, v, vault.password(oldKey), false)
}

// A fetch that falls into a rotation may return the new key with the one before the last: the key that all drains use is missing.
func TestAKeyThatAFetchMissesStaysGood(t *testing.T) {
	vault := newVault()
	vault.rotate(newKey)
	v := vault.new()
	verify(t, v, vault.password(newKey), true)
	vault.advance(credential.TTL)
	vault.keys = credential.Keys{Current: newestKey, Previous: oldKey}
	verify(t, v, vault.password(newKey), true)
	verify(t, v, vault.password(newestKey), true)
	vault.keys = credential.Keys{Current: newestKey, Previous: newKey}
	for range 10 {
		vault.advance(credential.Pause)
		verify(t, v, vault.password(newKey), true)
	}
}

// The same with a wrong password that causes the fetch: the log drain that someone forgot to remove.
func TestAWrongPasswordDoesNotShutOutGoodOnes(t *testing.T) {
	vault := newVault()
	vault.rotate(newKey)
	v := vault.new()
	verify(t, v, vault.password(newKey), true)
	vault.keys = credential.Keys{Current: newestKey, Previous: oldKey}
	verify(t, v, "wrong", false)
	verify(t, v, vault.password(newKey), true)
}

// TestANewPasswordIsNotRejectedDuringAPause rotates right after a fetch that a wrong password caused. The key that makes the password good is
// newer than that fetch, and a rejected batch is lost.
func TestANewPasswordIsNotRejectedDuringAPause(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	for range 3 {
		verify(t, v, "wrong", false)
	}
	vault.rotate(newKey)
	verify(t, v, vault.password(newKey), true)
}

// TestTooManyWrongPasswordsAreNotRejected checks that a password is not rejected while there may be no more fetches to compare it with.
func TestTooManyWrongPasswordsAreNotRejected(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	for i := range credential.MaxLooks {
		verify(t, v, fmt.Sprintf("wrong %d", i), false)
	}
	vault.rotate(newKey)
	for _, password := range []string{vault.password(newKey), "wrong"} {
		if good, err := v.Verify(t.Context(), "shop", password); good || err == nil {
			t.Errorf("Verify = %v, %v; want an error", good, err)
		}
	}
	vault.wantFetches(t, 1+credential.MaxLooks)
	verify(t, v, "wrong 0", false) // as before
	vault.advance(credential.Pause)
	verify(t, v, vault.password(newKey), true)
}

// TestForgottenDrainsAreRejected has more log drains with old passwords than there may be fetches: their POSTs must not go on to be answered as
// if the function were broken.
func TestForgottenDrainsAreRejected(t *testing.T) {
	vault := newVault()
	v := vault.new()
	send := func() (unknown int) {
		for i := range 2 * credential.MaxLooks {
			if _, err := v.Verify(t.Context(), "shop", fmt.Sprintf("wrong %d", i)); err != nil {
				unknown++
			}
		}
		return unknown
	}
	if send() == 0 {
		t.Error("no password was too many")
	}
	for range 20 {
		vault.advance(credential.Pause)
		if unknown := send(); unknown > 0 {
			t.Errorf("%d passwords were not rejected", unknown)
		}
	}
}

func TestNoPasswordIsRejectedRightAfterARotation(t *testing.T) {
	vault := newVault()
	vault.keys = credential.Keys{Current: newestKey, Previous: oldKey, RotatedAt: vault.now} // newKey, in use, is not seen yet
	v := vault.new()
	for range 2 {
		if good, err := v.Verify(t.Context(), "shop", vault.password(newKey)); good || err == nil {
			t.Errorf("Verify = %v, %v; want an error", good, err)
		}
	}
	vault.keys.Previous = newKey
	verify(t, v, vault.password(newKey), true)
	vault.advance(time.Minute)
	verify(t, v, "wrong", false)
}

func TestWrongPasswordsFetchOncePerPause(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, "wrong", false) // the first call has just fetched
	vault.wantFetches(t, 1)
	for range 5 {
		verify(t, v, "wrong", false)
	}
	vault.wantFetches(t, 1)
	vault.advance(credential.Pause)
	for range 5 {
		verify(t, v, "wrong", false)
	}
	vault.wantFetches(t, 2)
}

func TestVerifyFailsWithoutKeys(t *testing.T) {
	vault := newVault()
	vault.err = errDown
	v := vault.new()
	for range 2 { // without a pause: every call tries to fetch
		if _, err := v.Verify(t.Context(), "shop", vault.password(oldKey)); !errors.Is(err, errDown) {
			t.Errorf("Verify: error %v, want %v", err, errDown)
		}
	}
	vault.wantFetches(t, 2)
	vault.err = nil
	verify(t, v, vault.password(oldKey), true)
}

func TestOldKeysAreUsedWhileFetchingFails(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.err = errDown
	vault.advance(credential.TTL)
	for range 3 {
		verify(t, v, vault.password(oldKey), true)
	}
	vault.wantFetches(t, 2) // failed fetches pause too
	vault.err = nil
	vault.advance(credential.Pause)
	verify(t, v, vault.password(oldKey), true)
	vault.wantFetches(t, 3)
}

// TestAMismatchDuringAnOutageIsAnError checks that a password that matches no cached key is not rejected while Secrets Manager is down: it may
// be a new one, and a rejected batch is lost.
func TestAMismatchDuringAnOutageIsAnError(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	vault.err = errDown
	for range 2 {
		if good, err := v.Verify(t.Context(), "shop", vault.password(newKey)); good || !errors.Is(err, errDown) {
			t.Errorf("Verify = %v, %v; want %v", good, err, errDown)
		}
	}
	vault.wantFetches(t, 2)
}

func TestPasswordUsesTheCurrentKey(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	got, err := v.Password(t.Context(), "shop")
	if err != nil || got != vault.password(newKey) {
		t.Errorf("Password = %q, %v; want the one under the new key", got, err)
	}
	verify(t, v, vault.password(newKey), true) // with the key that Password fetched
	vault.wantFetches(t, 2)
	vault.err = errDown
	if _, err := v.Password(t.Context(), "shop"); !errors.Is(err, errDown) {
		t.Errorf("Password: error %v, want %v", err, errDown)
	}
}

func TestWaitingForTheKeyEndsWithTheContext(t *testing.T) {
	fetching, done := make(chan struct{}), make(chan struct{})
	v := credential.NewVerifier(func(context.Context) (credential.Keys, error) {
		close(fetching)
		<-done
		return credential.Keys{Current: oldKey}, nil
	}, time.Now)
	first := make(chan error)
	go func() {
		_, err := v.Verify(context.Background(), "shop", "wrong")
		first <- err
	}()
	<-fetching
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Verify(ctx, "shop", "wrong"); !errors.Is(err, context.Canceled) {
		t.Errorf("Verify: error %v, want %v", err, context.Canceled)
	}
	close(done)
	if err := <-first; err != nil {
		t.Errorf("first Verify: error %v", err)
	}
}

func BenchmarkVerify(b *testing.B) {
	vault := newVault()
	v, password := vault.new(), vault.password(oldKey)
	for b.Loop() {
		if good, err := v.Verify(b.Context(), "shop", password); !good || err != nil {
			b.Fatal(good, err)
		}
	}
}
