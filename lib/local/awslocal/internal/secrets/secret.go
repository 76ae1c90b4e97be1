package secrets

import (
	"bytes"
	"maps"
	"slices"
	"time"
)

// The staging labels that Secrets Manager moves by itself.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// maxValue is the maximum size of a SecretString or SecretBinary, in bytes.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
const maxValue = 65_536

// secret is one secret. The Service's lock guards it.
type secret struct {
	name, arn, description string
	tags                   []tag
	created, changed       time.Time
	deletion               time.Time // when it will be deleted; zero unless deletion is scheduled
	versions               map[string]*version
	labels                 map[string]string // staging label -> version ID
}

type version struct {
	value
	created time.Time
}

// value is a secret's content: text or bytes.
type value struct {
	SecretString *string `json:",omitempty"`
	SecretBinary []byte  `json:",omitempty"`
}

// check rejects a value that is both text and bytes, empty or too large. It accepts a value that was not given.
func (v value) check() error {
	if v.SecretString != nil && v.SecretBinary != nil {
		return invalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.")
	}
	size := len(v.SecretBinary)
	if v.SecretString != nil {
		size = len(*v.SecretString)
	}
	if v.given() && (size == 0 || size > maxValue) {
		return invalidParameter("A secret value must have 1 to %d bytes.", maxValue)
	}
	return nil
}

func (v value) given() bool { return v.SecretString != nil || v.SecretBinary != nil }

func (v value) equal(other value) bool {
	if (v.SecretString == nil) != (other.SecretString == nil) {
		return false
	}
	return bytes.Equal(v.SecretBinary, other.SecretBinary) && (v.SecretString == nil || *v.SecretString == *other.SecretString)
}

// addVersion adds a version with labels. If the version that the token identifies exists, it does nothing, but the value must be the same.
func (s *secret) addVersion(token string, v value, labels []string, now time.Time) error {
	if existing := s.versions[token]; existing != nil {
		if !existing.equal(v) {
			return alreadyExists("You can't use ClientRequestToken %s because that value is already in use for a version of secret %s.",
				token, s.arn)
		}
		return nil
	}
	s.versions[token] = &version{value: v, created: now}
	for _, label := range labels {
		s.move(label, token)
	}
	s.changed = now
	return nil
}

// move moves a label to a version. If the label is AWSCURRENT, the version that had it before becomes AWSPREVIOUS.
func (s *secret) move(label, id string) {
	before := s.labels[label]
	s.labels[label] = id
	if label == current && before != "" && before != id {
		s.labels[previous] = before
	}
}

// stages returns a version's labels, sorted.
func (s *secret) stages(id string) []string {
	var labels []string
	for _, label := range slices.Sorted(maps.Keys(s.labels)) {
		if s.labels[label] == id {
			labels = append(labels, label)
		}
	}
	return labels
}

// checkToken checks a ClientRequestToken, which becomes the version's ID. SDKs and the AWS CLI always send one.
func checkToken(token string) error {
	if token == "" {
		return invalidRequest("You must provide a ClientRequestToken value. We recommend a UUID-type value.")
	}
	if len(token) < 32 || len(token) > 64 {
		return invalidParameter("ClientRequestToken must be 32-64 characters long.")
	}
	return nil
}
