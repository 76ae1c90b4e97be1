package rotation_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/local/localtest"
)

// interceptedSecrets calls functions around the creation of a key.
type interceptedSecrets struct {
	rotation.Secrets
	before func()
	after  error // returned once the key has been created
}

func (s interceptedSecrets) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, opts ...func(*secretsmanager.Options)) (
	*secretsmanager.PutSecretValueOutput, error) {
	s.before()
	out, err := s.Secrets.PutSecretValue(ctx, in, opts...)
	if err == nil {
		err = s.after
	}
	return out, err
}

// stopAfterKey rotates, calls before just before the key is created, and stops right after that.
func (f *fixture) stopAfterKey(before func()) {
	f.t.Helper()
	r := *f.Rotator
	r.Secrets = interceptedSecrets{f.Secrets, before, errStopped}
	if _, err := r.Rotate(f.t.Context(), rotation.Options{}, &progress{}); !errors.Is(err, errStopped) {
		f.t.Fatalf("the rotation ended with %v", err)
	}
}

func TestOnlyOneOfTwoRotationsCreatesAKey(t *testing.T) {
	f := newFixture(t, "shop")
	var key string
	late := *f.Rotator
	late.Secrets = interceptedSecrets{Secrets: f.Secrets, before: func() {
		f.rotate()
		key, _ = f.keys()
	}}
	if _, err := late.Rotate(t.Context(), rotation.Options{}, &progress{}); !errors.Is(err, rotation.ErrConcurrent) {
		t.Errorf("error %v", err)
	}
	if now, _ := f.keys(); now != key {
		t.Error("there is another key")
	}
	f.wantCurrent()
	if result := f.rotate(); !result.NewKey {
		t.Error("the next rotation created no key")
	}
}

// TestWrongPasswordBeforeNewKey posts a wrong password just before the key is created, so that the function does not look for new keys.
func TestWrongPasswordBeforeNewKey(t *testing.T) {
	for name, rotate := range map[string]func(f *fixture, before func()) rotation.Result{
		"a rotation": func(f *fixture, before func()) rotation.Result {
			r := *f.Rotator
			r.Secrets = interceptedSecrets{Secrets: f.Secrets, before: before}
			result, err := r.Rotate(f.t.Context(), rotation.Options{}, &progress{})
			localtest.Must(f.t, err)
			return result
		},
		"stopped right after the key, and finished at once": func(f *fixture, before func()) rotation.Result {
			f.stopAfterKey(before)
			return f.rotate()
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "shop")
			wrong := strings.Replace(f.currentURLs()["shop"], "shop:", "shop:not", 1)
			result := rotate(f, func() {
				for range 2 { // the first one makes the function fetch the keys, the second one makes it look for new ones
					resp, err := http.Post(wrong, "application/logplex-1", http.NoBody)
					localtest.Must(t, err)
					resp.Body.Close()
					if resp.StatusCode != http.StatusUnauthorized {
						t.Fatalf("a wrong password is answered with %d", resp.StatusCode)
					}
				}
			})
			for _, app := range result.Apps {
				if app.Err != nil {
					t.Error(app.Err)
				}
			}
			f.wantCurrent()
		})
	}
}
