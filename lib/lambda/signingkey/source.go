// Package signingkey reads the key that drain passwords are derived from, from Secrets Manager.
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

// The staging labels that Secrets Manager moves when a secret gets a new value.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
const (
	stageCurrent  = "AWSCURRENT"
	stagePrevious = "AWSPREVIOUS"
)

// minLength is the length of the shortest key, in bytes. Someone who has the drain URL of one app can try out keys offline, and the right key
// opens every app.
const minLength = 16

// SecretsManager is the part of the SDK's client that a Source needs.
type SecretsManager interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// Source reads the key from a secret. The secret's whole value, text or binary, is the key.
type Source struct {
	client SecretsManager
	secret string
}

// NewSource returns a Source of the secret with this name or ARN. The client should not retry by itself (aws.NopRetryer): the Source does.
func NewSource(client SecretsManager, secret string) *Source {
	return &Source{client: client, secret: secret}
}

// Keys reads the current and the previous version of the secret at the same time. It retries until ctx ends, which needs a deadline. A secret
// that has had only one value has no previous version, which is not an error.
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
		return credential.Keys{}, fmt.Errorf("the secret %s has only %d bytes: set it to a random value of at least %d", s.secret, len(current), minLength)
	}
	old := <-previous
	if old.err != nil && !missing(old.err) {
		return credential.Keys{}, old.err
	}
	if len(old.key) < minLength { // it was never used as a key
		old.key = nil
	}
	return credential.Keys{Current: current, Previous: old.key}, nil
}

// version returns the value of the version with a staging label.
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

// missing reports whether err means that there is no such secret or version.
func missing(err error) bool {
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	return missing
}
