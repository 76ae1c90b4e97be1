// Package signingkey reads the key that drain passwords are derived from, from Secrets Manager.
package signingkey

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

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

// NewSource returns a Source of the secret with this name or ARN. The client should not retry (aws.NopRetryer), because the Source does.
func NewSource(client SecretsManager, secret string) *Source {
	return &Source{client: client, secret: secret}
}

// young is the age of a version that may have become the current one between two reads, with much time for slow reads and wrong clocks.
const young = 10 * time.Minute

// Keys reads the current and the previous version of the secret. It retries until ctx ends; ctx needs a deadline. A secret that has had only one value
// has no previous version, which is not an error.
//
// The secret may get a new value between the two reads. If the current version is read first, the pair then contains the key before the rotation twice.
// In the opposite order, it would lack that key, which all drains still use. So the versions are read at the same time only as long as the current one
// turns out to be old.
func (s *Source) Keys(ctx context.Context) (credential.Keys, error) {
	current, previous, err := s.pair(ctx, inParallel)
	if err == nil && (previous.id == current.id || time.Since(current.created) < young) {
		current, previous, err = s.pair(ctx, inTurn)
	}
	if err == nil && previous.id == current.id { // rotated between the two reads
		current, previous, err = s.pair(ctx, inTurn)
	}
	if err != nil {
		return credential.Keys{}, err
	}
	keys := credential.Keys{Current: current.key}
	if previous.id != "" {
		keys.RotatedAt = current.created
	}
	if len(previous.key) >= minLength { // a shorter one was never used as a key
		keys.Previous = previous.key
	}
	return keys, nil
}

// version is a version of the secret. The zero value stands for a version that does not exist.
type version struct {
	id      string
	key     []byte
	created time.Time
}

// pair reads both versions, the current one first or at the same time.
func (s *Source) pair(ctx context.Context, run func(first, second func())) (current, previous version, err error) {
	var errPrevious error
	run(func() { current, err = s.read(ctx, stageCurrent) }, func() { previous, errPrevious = s.read(ctx, stagePrevious) })
	if missing(errPrevious) {
		errPrevious = nil
	}
	switch {
	case err != nil:
		return version{}, version{}, err
	case len(current.key) < minLength:
		return version{}, version{}, fmt.Errorf("the secret %s has only %d bytes: set it to a random value of at least %d",
			s.secret, len(current.key), minLength)
	case errPrevious != nil:
		return version{}, version{}, errPrevious
	}
	return current, previous, nil
}

func inTurn(first, second func()) { first(); second() }

func inParallel(first, second func()) {
	var other sync.WaitGroup
	other.Go(second)
	first()
	other.Wait()
}

// read returns the version with a staging label.
func (s *Source) read(ctx context.Context, stage string) (v version, err error) {
	err = patient.Do(ctx, missing, func(ctx context.Context) error {
		out, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &s.secret, VersionStage: &stage})
		if err != nil {
			return err
		}
		v = version{id: aws.ToString(out.VersionId), key: out.SecretBinary, created: aws.ToTime(out.CreatedDate)}
		if v.key == nil {
			v.key = []byte(aws.ToString(out.SecretString))
		}
		return nil
	})
	if err != nil {
		return version{}, fmt.Errorf("read %s of the secret %s: %w", stage, s.secret, err)
	}
	return v, nil
}

// missing reports whether err means that there is no such secret or version.
func missing(err error) bool {
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	return missing
}
