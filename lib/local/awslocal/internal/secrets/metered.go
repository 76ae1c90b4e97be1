package secrets

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// ServeHTTP answers one call, and counts it. The page of the prices does not except calls that fail.
// https://aws.amazon.com/secrets-manager/pricing/
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.meter.Add(meter.Key{Unit: meter.SecretCalls, Caller: awsapi.Caller(r.Context())}, 1)
	s.JSON.ServeHTTP(w, r)
}

// Secrets returns how many secrets are billed: those that are not marked for deletion.
// https://aws.amazon.com/secrets-manager/pricing/
func (s *Service) Secrets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, found := range s.secrets {
		if found.deletion.IsZero() {
			n++
		}
	}
	return n
}
