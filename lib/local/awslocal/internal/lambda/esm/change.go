package esm

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

type updateInput struct {
	FunctionName *string
	settingsInput
}

func (s *Service) get(r *http.Request, _ []byte) (any, error) {
	s.lock()
	defer s.mu.Unlock()
	m, err := s.find(r.PathValue("UUID"))
	if err != nil {
		return nil, err
	}
	return s.describe(m), nil
}

// update changes the given settings. The API shows the new settings at once, but the poller uses the old ones until the transition ends.
func (s *Service) update(r *http.Request, body []byte) (any, error) {
	in := new(updateInput)
	if err := decode(body, in); err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	m, err := s.find(r.PathValue("UUID"))
	if err != nil {
		return nil, err
	}
	chosen, err := m.settings.with(in.settingsInput)
	if err != nil {
		return nil, err
	}
	function := m.function
	if in.FunctionName != nil {
		if function, err = s.target(*in.FunctionName, m.queue); err != nil {
			return nil, err
		}
	}
	if err := m.checkNotInUse("update"); err != nil {
		return nil, err
	}
	for _, other := range s.mappings {
		if other != m && other.queue == m.queue && other.function.ARN == function.ARN {
			return nil, conflict(other)
		}
	}
	m.settings, m.function = chosen, function
	via, to := updating, m.state
	switch {
	case in.Enabled != nil && *in.Enabled && m.state == disabled:
		via, to = enabling, enabled
	case in.Enabled != nil && !*in.Enabled && m.state == enabled:
		via, to = disabling, disabled
	}
	s.beginTransition(m, via, to)
	return s.describe(m), nil
}

func (s *Service) delete(r *http.Request, _ []byte) (any, error) {
	s.lock()
	defer s.mu.Unlock()
	m, err := s.find(r.PathValue("UUID"))
	if err != nil {
		return nil, err
	}
	if err := m.checkNotInUse("delete"); err != nil {
		return nil, err
	}
	s.beginTransition(m, deleting, gone)
	return s.describe(m), nil
}

// conflict returns the error for a second mapping of the same queue and function.
func conflict(m *mapping) error {
	return restjson.Errorf(http.StatusConflict, "ResourceConflictException",
		`An event source mapping with SQS arn (" %s ") and function (" %s ") already exists. Please update or delete the existing mapping with UUID %s`,
		m.queue, m.function.Name, m.id)
}
