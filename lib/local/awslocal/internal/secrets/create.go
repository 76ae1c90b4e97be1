package secrets

import (
	"context"
	"crypto/rand"
	"regexp"
	"time"
)

// secretName matches valid names: up to 512 letters, digits and /_+=.@- characters.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
var secretName = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]{1,512}$`)

type tag struct{ Key, Value string }

type createSecretInput struct {
	Name               string
	ClientRequestToken string
	Description        string
	Tags               []tag
	value
}

// written is the result of calls that change a secret or its versions.
type written struct {
	ARN, Name     string
	VersionId     string   `json:",omitempty"`
	VersionStages []string `json:",omitempty"`
}

// createSecret creates a secret. If a value is given, it becomes the first version, with the label AWSCURRENT.
func (s *Service) createSecret(_ context.Context, in *createSecretInput) (*written, error) {
	if !secretName.MatchString(in.Name) {
		return nil, invalidParameter("Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@")
	}
	if err := checkToken(in.ClientRequestToken); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if existing, err := s.find(in.Name); err == nil {
		if !existing.deletion.IsZero() {
			return nil, invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.")
		}
		if v := existing.versions[in.ClientRequestToken]; v == nil || !v.equal(in.value) {
			return nil, alreadyExists("The operation failed because the secret %s already exists.", in.Name)
		}
		return &written{ARN: existing.arn, Name: existing.name, VersionId: in.ClientRequestToken}, nil
	}
	now := s.clock.Now()
	created := &secret{
		name: in.Name,
		// "a hyphen followed by six random characters", so that a secret that reuses a name has another ARN
		arn:         s.arn(in.Name + "-" + rand.Text()[:6]),
		description: in.Description,
		tags:        in.Tags,
		created:     now,
		changed:     now,
		versions:    make(map[string]*version),
		labels:      make(map[string]string),
	}
	out := &written{ARN: created.arn, Name: created.name}
	if in.given() {
		if err := created.addVersion(in.ClientRequestToken, in.value, []string{current}, now); err != nil {
			return nil, err
		}
		out.VersionId = in.ClientRequestToken
	}
	s.secrets[created.name] = created
	s.journal.Save(created)
	return out, nil
}

type deleteSecretInput struct {
	SecretId                   string
	RecoveryWindowInDays       *int
	ForceDeleteWithoutRecovery bool
}

type deleteSecretOutput struct {
	ARN, Name    string
	DeletionDate float64 // seconds since 1970
}

// deleteSecret schedules a secret's deletion in 7 to 30 days, or deletes it at once.
func (s *Service) deleteSecret(_ context.Context, in *deleteSecretInput) (*deleteSecretOutput, error) {
	days := 30
	if in.RecoveryWindowInDays != nil {
		days = *in.RecoveryWindowInDays
		if in.ForceDeleteWithoutRecovery {
			return nil, invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
		}
	}
	if days < 7 || days > 30 {
		return nil, invalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.live(in.SecretId)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	found.deletion = now.AddDate(0, 0, days)
	if in.ForceDeleteWithoutRecovery {
		found.deletion = now
	}
	s.journal.Save(found)
	return &deleteSecretOutput{found.arn, found.name, seconds(found.deletion)}, nil
}

// seconds returns a time in the form of the JSON protocol: seconds since 1970.
func seconds(t time.Time) float64 {
	return float64(t.UnixMilli()) / 1000
}
