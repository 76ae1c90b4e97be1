// Package secrets implements AWS Secrets Manager in memory: secrets, their versions and staging labels.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
package secrets

import (
	"net/http"
	"strings"
	"sync"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Service holds one account's secrets in one Region. It is an http.Handler.
type Service struct {
	*awsapi.JSON

	clock   *clock.Clock
	account awsapi.Account
	journal *journal.Store // nil: secrets are kept in memory alone
	meter   *meter.Meter

	mu      sync.Mutex
	secrets map[string]*secret // by name
}

// New returns a Service with the secrets in a journal, which may be nil, as the meter may.
func New(clock *clock.Clock, account awsapi.Account, kept *journal.Store, m *meter.Meter) (*Service, error) {
	s := &Service{clock: clock, account: account, journal: kept, meter: m, secrets: make(map[string]*secret)}
	s.JSON = &awsapi.JSON{Target: "secretsmanager", Version: "1.1", Operations: map[string]awsapi.Operation{
		"CreateSecret":             awsapi.Op(s.createSecret),
		"DeleteSecret":             awsapi.Op(s.deleteSecret),
		"DescribeSecret":           awsapi.Op(s.describeSecret),
		"GetSecretValue":           awsapi.Op(s.getSecretValue),
		"PutSecretValue":           awsapi.Op(s.putSecretValue),
		"UpdateSecretVersionStage": awsapi.Op(s.updateSecretVersionStage),
	}}
	return s, s.restore()
}

func (s *Service) arn(name string) string { return s.account.ARN("secretsmanager", "secret:"+name) }

// find returns the secret with an ID: its name, its ARN, or its ARN without the random suffix.
func (s *Service) find(id string) (*secret, error) {
	name := strings.TrimPrefix(id, s.arn(""))
	if found := s.secrets[name]; found != nil {
		return s.unlessGone(found)
	}
	for _, found := range s.secrets {
		if id == found.arn {
			return s.unlessGone(found)
		}
	}
	return nil, notFound("Secrets Manager can't find the specified secret.")
}

// live is like find but fails if the secret is scheduled for deletion.
func (s *Service) live(id string) (*secret, error) {
	found, err := s.find(id)
	if err == nil && !found.deletion.IsZero() {
		return nil, invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
	}
	return found, err
}

// unlessGone returns the secret, or deletes it and returns an error if its recovery window is over.
func (s *Service) unlessGone(found *secret) (*secret, error) {
	if !found.deletion.IsZero() && !s.clock.Now().Before(found.deletion) {
		delete(s.secrets, found.name)
		s.journal.Save(journal.Gone(found.Key()))
		return nil, notFound("Secrets Manager can't find the specified secret.")
	}
	return found, nil
}

func notFound(format string, args ...any) error {
	return awsapi.Errorf(http.StatusBadRequest, "ResourceNotFoundException", format, args...)
}

func invalidRequest(format string, args ...any) error {
	return awsapi.Errorf(http.StatusBadRequest, "InvalidRequestException", format, args...)
}

func invalidParameter(format string, args ...any) error {
	return awsapi.Errorf(http.StatusBadRequest, "InvalidParameterException", format, args...)
}

func alreadyExists(format string, args ...any) error {
	return awsapi.Errorf(http.StatusBadRequest, "ResourceExistsException", format, args...)
}
