package credential_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"heroku-drains/lib/credential"
)

var (
	oldKey    = []byte("the first signing key, 32 bytes!")
	newKey    = []byte("the second signing key, 32 bytes")
	newestKey = []byte("the third signing key, 32 bytes!")
	errDown   = errors.New("secrets are down")
)

// vault stands for Secrets Manager, and for the clock.
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
func (v *vault) pass(d time.Duration)       { v.now = v.now.Add(d) }
func (v *vault) rotate(key []byte)          { v.keys = credential.Keys{Current: key, Previous: v.keys.Current} }
func (v *vault) new() *credential.Verifier  { return credential.NewVerifier(v.fetch, v.clock) }
func (v *vault) password(key []byte) string { return credential.Password(key, "shop") }
func (v *vault) expect(t *testing.T, n int) { // fetches so far
	t.Helper()
	if v.fetches != n {
		t.Errorf("the key was fetched %d times so far, want %d", v.fetches, n)
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
		{"none", "shop", "", false},
		{"cut short", "shop", credential.Password(newKey, "shop")[:31], false},
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

func TestNoPreviousKeyIsNoEmptyKey(t *testing.T) {
	verify(t, newVault().new(), credential.Password(nil, "shop"), false)
}

func TestKeysAreKeptForTheTTL(t *testing.T) {
	vault := newVault()
	v := vault.new()
	for range 3 {
		verify(t, v, vault.password(oldKey), true)
	}
	vault.expect(t, 1)
	vault.pass(credential.TTL - time.Nanosecond)
	verify(t, v, vault.password(oldKey), true)
	vault.expect(t, 1)
	vault.pass(time.Nanosecond)
	verify(t, v, vault.password(oldKey), true)
	vault.expect(t, 2)
}

func TestRotationIsSeenAtOnce(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	verify(t, v, vault.password(newKey), true)
	verify(t, v, vault.password(oldKey), true)
	vault.expect(t, 2)
}

// A fetch that age caused must not hold up the look that a rotation needs: the first POST with a new password would be lost.
func TestRotationIsSeenRightAfterAnAgedFetch(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.pass(credential.TTL)
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	verify(t, v, vault.password(newKey), true)
	vault.expect(t, 3)
}

func TestARotatedOutKeyIsForgotten(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	vault.rotate(newestKey)
	vault.pass(credential.TTL)
	verify(t, v, vault.password(oldKey), false)
}

func TestWrongPasswordsFetchOncePerPause(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, "wrong", false) // the first call has just fetched
	vault.expect(t, 1)
	for range 5 {
		verify(t, v, "wrong", false)
	}
	vault.expect(t, 2)
	vault.pass(credential.Pause)
	verify(t, v, "wrong", false)
	vault.expect(t, 3)
}

func TestWithoutAnyKeyNothingCanBeTold(t *testing.T) {
	vault := newVault()
	vault.err = errDown
	v := vault.new()
	for range 2 { // no pause: every sender gets its try
		if _, err := v.Verify(t.Context(), "shop", vault.password(oldKey)); !errors.Is(err, errDown) {
			t.Errorf("Verify's error = %v, want %v", err, errDown)
		}
	}
	vault.expect(t, 2)
	vault.err = nil
	verify(t, v, vault.password(oldKey), true)
}

func TestOldKeysServeWhileFetchingFails(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.err = errDown
	vault.pass(credential.TTL)
	for range 3 {
		verify(t, v, vault.password(oldKey), true)
	}
	vault.expect(t, 2) // failing fetches pause too
	vault.err = nil
	vault.pass(credential.Pause)
	verify(t, v, vault.password(oldKey), true)
	vault.expect(t, 3)
}

// With Secrets Manager down, a password that fits no kept key may be a new one: "wrong" would lose its batch for good.
func TestAMismatchDuringAnOutageIsNoVerdict(t *testing.T) {
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
	vault.expect(t, 2)
}

func TestPasswordIsAlwaysTheCurrentOne(t *testing.T) {
	vault := newVault()
	v := vault.new()
	verify(t, v, vault.password(oldKey), true)
	vault.rotate(newKey)
	got, err := v.Password(t.Context(), "shop")
	if err != nil || got != vault.password(newKey) {
		t.Errorf("Password = %q, %v; want the one under the new key", got, err)
	}
	verify(t, v, vault.password(newKey), true) // with what Password fetched
	vault.expect(t, 2)
	vault.err = errDown
	if _, err := v.Password(t.Context(), "shop"); !errors.Is(err, errDown) {
		t.Errorf("Password's error = %v, want %v", err, errDown)
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
		t.Errorf("Verify's error = %v, want %v", err, context.Canceled)
	}
	close(done)
	if err := <-first; err != nil {
		t.Errorf("the first Verify's error = %v", err)
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
