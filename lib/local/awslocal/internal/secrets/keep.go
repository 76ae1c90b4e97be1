package secrets

import (
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

const keySecret = "secrets/secret/" // and the ARN

// secretRecord is a secret as the journal keeps it.
type secretRecord struct {
	Name, Description string
	Tags              []tag
	Created, Changed  time.Time
	Deletion          time.Time
	Versions          map[string]versionRecord
	Labels            map[string]string
}

type versionRecord struct {
	value
	Created time.Time
}

// Key implements journal.Entity.
func (s *secret) Key() string { return keySecret + s.arn }

// Record implements journal.Entity.
func (s *secret) Record() any {
	r := secretRecord{
		Name: s.name, Description: s.description, Tags: s.tags, Created: s.created, Changed: s.changed, Deletion: s.deletion,
		Versions: make(map[string]versionRecord), Labels: s.labels,
	}
	for id, v := range s.versions {
		r.Versions[id] = versionRecord{value: v.value, Created: v.created}
	}
	return r
}

// restore reads the secrets from the journal.
func (s *Service) restore() error {
	return journal.Each(s.journal, keySecret, func(arn string, r *secretRecord) error {
		found := &secret{
			name: r.Name, arn: arn, description: r.Description, tags: r.Tags, created: r.Created, changed: r.Changed, deletion: r.Deletion,
			versions: make(map[string]*version), labels: r.Labels,
		}
		for id, v := range r.Versions {
			found.versions[id] = &version{value: v.value, created: v.Created}
		}
		s.secrets[found.name] = found
		return nil
	})
}

// Entities is a journal.Source.
func (s *Service) Entities(save func(journal.Entity)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, found := range s.secrets {
		if _, err := s.unlessGone(found); err == nil {
			save(found)
		}
	}
}
