package rotation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"heroku-drains/lib/credential"
)

// Secrets is the part of the SDK's Secrets Manager client that a Rotator needs. It never reads the key.
type Secrets interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (
		*secretsmanager.DescribeSecretOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (
		*secretsmanager.PutSecretValueOutput, error)
}

const (
	// spreadTime is how long it takes until every function uses a new key. After several wrong passwords, a function does not fetch the keys
	// again for credential.Pause, and the fetch itself may take a moment. Until then, the function would return 503 for lines with the new
	// password.
	spreadTime = credential.Pause + 2*time.Second
	// recently is how long after its last change, by this machine's clock, a key may not be in use everywhere yet. AWS rejects signatures from
	// a clock that is more than five minutes off: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
	recently = 10 * time.Minute
)

// ErrConcurrent means that another rotation created a new key at the same time.
var ErrConcurrent = errors.New("another rotation created a new key at the same time")

// key holds the version IDs of the current and the previous signing key.
type key struct {
	current, previous string // previous is empty before the first rotation
}

// describeKey returns the versions of the key. If the key is new, it waits until every function uses it.
func (r *Rotator) describeKey(ctx context.Context, p Progress) (key, error) {
	found, err := r.Secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &r.Secret})
	if err != nil {
		return key{}, fmt.Errorf("describe the signing key %s: %w", r.Secret, err)
	}
	var k key
	for id, stages := range found.VersionIdsToStages {
		if slices.Contains(stages, "AWSCURRENT") {
			k.current = id
		}
		if slices.Contains(stages, "AWSPREVIOUS") {
			k.previous = id
		}
	}
	if changed := found.LastChangedDate; k.previous != "" && changed != nil && time.Since(*changed) < recently {
		p.Step("The signing key was changed recently: waiting %s until all functions use it…", spreadTime)
		if err := r.Connector.Wait(ctx, spreadTime); err != nil {
			return k, err
		}
		p.Step("Checking the apps at Heroku…")
	}
	return k, nil
}

// createKey makes a new key the current one, and waits until every function uses it. The key that was current before becomes the previous one,
// and the previous one becomes invalid. If createKey fails, the key may have been created nevertheless: the next survey shows it.
func (r *Rotator) createKey(ctx context.Context, before key) error {
	// The new version's ID is derived from the existing ones, so if two rotations saw the same versions, only one creates a key.
	token := fmt.Sprintf("%x", sha256.Sum256([]byte("rotation "+before.current+" "+before.previous)))
	_, err := r.Secrets.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId:           &r.Secret,
		ClientRequestToken: &token,
		SecretString:       aws.String(rand.Text() + rand.Text()), // 260 bits; HMAC-SHA-256 uses 256
	})
	if _, exists := errors.AsType[*types.ResourceExistsException](err); exists {
		return fmt.Errorf("%w; when it has ended, run %s again to move any apps that it left", ErrConcurrent, r.again())
	}
	if err != nil {
		return fmt.Errorf("create a new version of the signing key %s: %w", r.Secret, err)
	}
	return r.Connector.Wait(ctx, spreadTime)
}
