package signingkey_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/lambda/signingkey"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

const (
	first  = "the first signing key, 32 bytes!"
	second = "the second signing key, 32 bytes"
	third  = "the third signing key, 32 bytes!"
)

// vault is its own embedded Secrets Manager.
type vault struct {
	*secretsmanager.Client
	server *awslocal.Server
}

func newVault(t *testing.T) vault {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	return vault{secretsmanager.NewFromConfig(server.Config(), func(o *secretsmanager.Options) { o.Retryer = aws.NopRetryer{} }), server}
}

// secret creates the secret of the signing key and sets these values in turn.
func (v vault) secret(t *testing.T, values ...string) (arn string) {
	t.Helper()
	out, err := v.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("heroku-drains/signing-key"), SecretString: &values[0]})
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range values[1:] {
		if _, err := v.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: out.ARN, SecretString: &value}); err != nil {
			t.Fatal(err)
		}
	}
	return *out.ARN
}

func (v vault) keys(t *testing.T, secret string) (credential.Keys, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	return signingkey.NewSource(v, secret).Keys(ctx)
}

// anyTime ignores when the key was rotated.
var anyTime = cmpopts.IgnoreFields(credential.Keys{}, "RotatedAt")

func TestKeys(t *testing.T) {
	tests := []struct {
		name   string
		values []string
		want   credential.Keys
	}{
		{"new", []string{first}, credential.Keys{Current: []byte(first)}},
		{"rotated", []string{first, second}, credential.Keys{Current: []byte(second), Previous: []byte(first)}},
		{"rotated twice", []string{first, second, third}, credential.Keys{Current: []byte(third), Previous: []byte(second)}},
		{"the previous value is too short for a key", []string{"short", second}, credential.Keys{Current: []byte(second)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := newVault(t)
			arn := v.secret(t, test.values...)
			for _, secret := range []string{"heroku-drains/signing-key", arn} {
				got, err := v.keys(t, secret)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got, anyTime); diff != "" {
					t.Errorf("keys of %s (-want +got):\n%s", secret, diff)
				}
			}
		})
	}
}

func TestKeysReadsABinaryKey(t *testing.T) {
	v := newVault(t)
	key := []byte("\x00\xff a key that is not text \x80\x81")
	if _, err := v.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("key"), SecretBinary: key}); err != nil {
		t.Fatal(err)
	}
	got, err := v.keys(t, "key")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(credential.Keys{Current: key}, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestKeysRejectsAWeakKey(t *testing.T) {
	v := newVault(t)
	v.secret(t, first, "hunter2")
	_, err := v.keys(t, "heroku-drains/signing-key")
	if err == nil || !strings.Contains(err.Error(), "at least 16") {
		t.Fatalf("error = %v, want what to set it to", err)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error contains the key: %q", err)
	}
}

func TestKeysWithoutSecretFailsAtOnce(t *testing.T) {
	if _, err := newVault(t).keys(t, "heroku-drains/signing-key"); err == nil || !strings.Contains(err.Error(), "heroku-drains/signing-key") {
		t.Errorf("error = %v, want the secret's name in it", err)
	}
}

func TestKeysRetriesThroughAnOutage(t *testing.T) {
	v := newVault(t)
	v.secret(t, first, second)
	v.server.Inject(awslocal.Fault{Service: "secretsmanager", Times: 5, Status: http.StatusInternalServerError, Code: "InternalServiceError"})
	got, err := v.keys(t, "heroku-drains/signing-key")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(credential.Keys{Current: []byte(second), Previous: []byte(first)}, got, anyTime); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// Without the previous key, up to half of Heroku's drains would be shut out: no keys are better than one.
func TestKeysNeedsBoth(t *testing.T) {
	v := newVault(t)
	v.secret(t, first, second)
	v.server.Inject(awslocal.Fault{Service: "secretsmanager", Skip: 1, Status: http.StatusInternalServerError, Code: "InternalServiceError"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var calls atomic.Int64
	defer v.server.OnCall(func(awslocal.Call) {
		if calls.Add(1) == 5 { // the time is up
			cancel()
		}
	})()
	if keys, err := signingkey.NewSource(v, "heroku-drains/signing-key").Keys(ctx); err == nil {
		t.Errorf("Keys = %v with one answer of two", keys)
	}
}
