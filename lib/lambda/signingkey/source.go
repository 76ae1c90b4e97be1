// Package signingkey reads the key that drain passwords are made with from Secrets Manager.
package signingkey

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/lambda/patient"
)

// The labels that Secrets Manager moves when a secret gets a new value.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
const (
	stageCurrent  = "AWSCURRENT"
	stagePrevious = "AWSPREVIOUS"
)

// minLength is in bytes. Whoever holds one app's drain URL can try out keys at leisure, and a found key opens every app.
const minLength = 16

// SecretsManager is what a Source needs of the SDK's client.
type SecretsManager interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// Source is one secret. Its whole value, text or binary, is the key.
type Source struct {
	client SecretsManager
	secret string
}

// NewSource names the secret by its name or its ARN. The client is to make one try a call (aws.NopRetryer): the Source tries again.
func NewSource(client SecretsManager, secret string) *Source {
	return &Source{client: client, secret: secret}
}

// Keys reads both versions at once, and tries until the context ends, which needs a deadline. A secret that has had one value only has
// no previous version: that is no error.
func (s *Source) Keys(ctx context.Context) (credential.Keys, error) {
	type answer struct {
		key []byte
		err error
	}
	previous := make(chan answer, 1)
	go func() {
		key, err := s.version(ctx, stagePrevious)
		previous <- answer{key, err}
	}()
	current, err := s.version(ctx, stageCurrent)
	if err != nil {
		return credential.Keys{}, err
	}
	if len(current) < minLength {
		return credential.Keys{}, fmt.Errorf("the secret %s is %d bytes long: put a random value of at least %d there", s.secret, len(current), minLength)
	}
	old := <-previous
	if old.err != nil && !missing(old.err) {
		return credential.Keys{}, old.err
	}
	if len(old.key) < minLength { // never was a key: no password was made with it
		old.key = nil
	}
	return credential.Keys{Current: current, Previous: old.key}, nil
}

func (s *Source) version(ctx context.Context, stage string) (key []byte, err error) {
	err = patient.Do(ctx, missing, func(ctx context.Context) error {
		out, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &s.secret, VersionStage: &stage})
		if err != nil {
			return err
		}
		if key = out.SecretBinary; key == nil {
			key = []byte(aws.ToString(out.SecretString))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read %s of the secret %s: %w", stage, s.secret, err)
	}
	return key, nil
}

func missing(err error) bool {
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	return missing
}
