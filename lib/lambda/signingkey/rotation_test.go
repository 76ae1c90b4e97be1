package signingkey_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/lambda/signingkey"
	"heroku-drains/lib/local/localtest"
)

func TestKeysSaysWhenTheKeyWasRotated(t *testing.T) {
	v := newVault(t)
	secret := v.secret(t, first)
	keys, err := v.keys(t, secret)
	localtest.Must(t, err)
	if !keys.RotatedAt.IsZero() {
		t.Errorf("RotatedAt = %s before the first rotation", keys.RotatedAt)
	}
	v.server.Advance(time.Hour)
	v.put(t, secret, second)
	v.server.Advance(time.Hour)
	keys, err = v.keys(t, secret)
	localtest.Must(t, err)
	if age := v.server.Now().Sub(keys.RotatedAt); age < time.Hour || age > time.Hour+time.Minute {
		t.Errorf("RotatedAt is %s ago, want an hour", age)
	}
}

// put gives the secret a new value: it rotates the key.
func (v vault) put(t *testing.T, secret, value string) {
	t.Helper()
	_, err := v.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: &secret, SecretString: &value})
	localtest.Must(t, err)
}

// racing rotates the key between the two reads of one look, whichever comes first.
type racing struct {
	vault
	t      *testing.T
	secret string

	mu   sync.Mutex // one read at a time
	next string     // the key's next value; empty: no rotation
}

func (r *racing) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput, opts ...func(*secretsmanager.Options)) (
	*secretsmanager.GetSecretValueOutput, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out, err := r.vault.GetSecretValue(ctx, in, opts...)
	if r.next != "" {
		r.put(r.t, r.secret, r.next)
		r.next = ""
	}
	return out, err
}

// TestALookThatMeetsARotation rotates the key while it is being read. The drains at Heroku have the password of the key before: a rejected POST
// would be lost.
func TestALookThatMeetsARotation(t *testing.T) {
	for name, cause := range map[string]struct {
		after    time.Duration
		password string
	}{
		"the keys are due":  {credential.TTL + time.Second, credential.Password([]byte(second), "shop")},
		"a wrong password":  {20 * time.Second, "wrong"},
		"the next password": {20 * time.Second, credential.Password([]byte(third), "shop")},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			secret := v.secret(t, first, second)
			r := &racing{vault: v, t: t, secret: secret}
			verifier := credential.NewVerifier(signingkey.NewSource(r, secret).Keys, v.server.Now)
			check := func(what, password string) {
				t.Helper()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if good, err := verifier.Verify(ctx, "shop", password); !good || err != nil {
					t.Errorf("%s: Verify = %v, %v; want it accepted", what, good, err)
				}
			}
			good := credential.Password([]byte(second), "shop")
			check("before", good)
			v.server.Advance(cause.after)
			r.next = third
			if accepted, err := verifier.Verify(t.Context(), "shop", cause.password); !accepted && err == nil && cause.password != "wrong" {
				t.Errorf("during: Verify = %v, %v", accepted, err)
			}
			for range 8 {
				check("after, the key before", good)
				check("after, the new key", credential.Password([]byte(third), "shop"))
				v.server.Advance(2 * time.Second)
			}
		})
	}
}

// TestKeysReadsAgainAfterARotation checks that the pair is whole when the key was rotated between the two reads.
func TestKeysReadsAgainAfterARotation(t *testing.T) {
	v := newVault(t)
	secret := v.secret(t, first, second)
	r := &racing{vault: v, t: t, secret: secret, next: third}
	got, err := signingkey.NewSource(r, secret).Keys(t.Context())
	localtest.Must(t, err)
	if diff := cmp.Diff(credential.Keys{Current: []byte(third), Previous: []byte(second)}, got, anyTime); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// scripted answers reads of an old secret, which is rotated after so many of them.
type scripted struct {
	mu       sync.Mutex
	reads    []string
	rotateAt int
	barrier  chan struct{} // closed once two reads are under way
}

func (s *scripted) GetSecretValue(_ context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options)) (
	*secretsmanager.GetSecretValueOutput, error) {
	s.mu.Lock()
	s.reads = append(s.reads, *in.VersionStage)
	n := len(s.reads)
	s.mu.Unlock()
	if n == 2 {
		close(s.barrier)
	}
	if n <= 2 {
		<-s.barrier // so reads in turn would never end
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	values := map[string]string{"AWSCURRENT": second, "AWSPREVIOUS": first}
	created := time.Now().Add(-24 * time.Hour)
	if s.rotateAt > 0 && n >= s.rotateAt {
		values, created = map[string]string{"AWSCURRENT": third, "AWSPREVIOUS": second}, time.Now()
	}
	value := values[*in.VersionStage]
	return &secretsmanager.GetSecretValueOutput{SecretString: &value, VersionId: &value, CreatedDate: &created}, nil
}

// Both versions of an old key are read at the same time. If one of them turns out to be new, they are read in turn, so that the pair is whole.
func TestKeysReadsAnOldPairAtOnce(t *testing.T) {
	t.Parallel()
	for rotateAt, want := range map[int]credential.Keys{
		0: {Current: []byte(second), Previous: []byte(first)},
		1: {Current: []byte(third), Previous: []byte(second)},
		2: {Current: []byte(third), Previous: []byte(second)},
		3: {Current: []byte(second), Previous: []byte(first)},
	} {
		for range 20 {
			s := &scripted{rotateAt: rotateAt, barrier: make(chan struct{})}
			got, err := signingkey.NewSource(s, "key").Keys(t.Context())
			localtest.Must(t, err)
			if diff := cmp.Diff(want, got, anyTime); diff != "" {
				t.Errorf("rotated at read %d: keys after %v (-want +got):\n%s", rotateAt, s.reads, diff)
			}
			if len(s.reads) != 2 && (rotateAt == 0 || rotateAt == 3) {
				t.Errorf("rotated at read %d: reads %v", rotateAt, s.reads)
			}
		}
	}
}
