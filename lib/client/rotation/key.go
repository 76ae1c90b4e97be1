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

// Secrets is what a Rotator needs of the SDK's Secrets Manager client. It never reads the key.
type Secrets interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (
		*secretsmanager.DescribeSecretOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (
		*secretsmanager.PutSecretValueOutput, error)
}

const (
	// settleTime is how long a new key is left alone. A function that met a wrong password just before does not look for a new key for
	// credential.Pause, and the look itself may have taken a moment: until then it would turn lines with the new password away for good.
	settleTime = credential.Pause + 2*time.Second
	// freshTime is how long after its last change a secret counts as just changed, by this machine's clock. AWS takes no signature of a
	// clock that is more than five minutes off: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
	freshTime = 10 * time.Minute
)

// ErrOtherRotation says that somebody else has made a new key since the survey.
var ErrOtherRotation = errors.New("another rotation has made a new key meanwhile: rotate again once it has ended, to finish what it may have left")

// key is which versions of the secret are the current and the previous key.
type key struct {
	current, previous string // version ids; previous is empty before the first rotation
}

// describe looks which versions there are. A key that is new is given the time until every function takes it.
func (r *Rotator) describe(ctx context.Context) (key, error) {
	found, err := r.Secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &r.Secret})
	if err != nil {
		return key{}, fmt.Errorf("look at the signing key %s: %w", r.Secret, err)
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
	if changed := found.LastChangedDate; k.previous != "" && changed != nil && time.Since(*changed) < freshTime {
		return k, r.Connector.Wait(ctx, settleTime)
	}
	return k, nil
}

// NewKey makes a new key the current one. The one that was current when the survey was made stays good, and the one before it does not.
// It returns when the functions take the new key's passwords. If it fails, the key may have been made all the same: the next survey tells.
func (r *Rotator) NewKey(ctx context.Context, s Survey) error {
	// The id of the new version follows from those that were there: of two rotations that saw the same, only one makes a key.
	token := fmt.Sprintf("%x", sha256.Sum256([]byte("rotation "+s.key.current+" "+s.key.previous)))
	_, err := r.Secrets.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId:           &r.Secret,
		ClientRequestToken: &token,
		SecretString:       aws.String(rand.Text() + rand.Text()), // 260 bits: HMAC-SHA-256 makes use of 256
	})
	if _, exists := errors.AsType[*types.ResourceExistsException](err); exists {
		return ErrOtherRotation
	}
	if err != nil {
		return fmt.Errorf("make a new version of the signing key %s: %w", r.Secret, err)
	}
	return r.Connector.Wait(ctx, settleTime)
}
