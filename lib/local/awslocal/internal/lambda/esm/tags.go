package esm

import (
	"maps"
	"net/http"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// Limits of tags. https://docs.aws.amazon.com/lambda/latest/dg/tags-esm.html
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return restjson.InvalidParameterf("a resource can have at most %d tags, not %d", maxTags, len(tags))
	}
	for key, value := range tags {
		switch {
		case key == "" || len(key) > maxTagKey:
			return restjson.InvalidParameterf("a tag key must have 1 to %d characters: %q", maxTagKey, key)
		case len(value) > maxTagValue:
			return restjson.InvalidParameterf("a tag value must have at most %d characters: tag %q", maxTagValue, key)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return restjson.InvalidParameterf("a tag key must not start with aws: %q", key)
		}
	}
	return nil
}

// tagged returns the mapping whose ARN is in the request's path. The Service must be locked.
func (s *Service) tagged(r *http.Request) (*mapping, error) {
	arn := r.PathValue("Resource")
	resource, _ := s.config.Account.Resource("lambda", arn)
	id, ok := strings.CutPrefix(resource, "event-source-mapping:")
	if !ok {
		return nil, restjson.InvalidParameterf("the embedded AWS supports tags only on event source mappings of its own account, not on %s", arn)
	}
	return s.find(id)
}

func (s *Service) listTags(r *http.Request, _ []byte) (any, error) {
	s.lock()
	defer s.mu.Unlock()
	m, err := s.tagged(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Tags": maps.Clone(m.tags)}, nil
}

func (s *Service) tag(r *http.Request, body []byte) (any, error) {
	var in struct{ Tags map[string]string }
	if err := awsapi.Decode(body, &in); err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	m, err := s.tagged(r)
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(m.tags)
	maps.Copy(tags, in.Tags)
	if err := checkTags(tags); err != nil {
		return nil, err
	}
	m.tags = tags
	s.config.Journal.Save(m)
	return nil, nil
}

func (s *Service) untag(r *http.Request, _ []byte) (any, error) {
	keys := r.URL.Query()["tagKeys"]
	if len(keys) == 0 {
		return nil, restjson.Constraint("null", "tagKeys", "not be null")
	}
	s.lock()
	defer s.mu.Unlock()
	m, err := s.tagged(r)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		delete(m.tags, key)
	}
	s.config.Journal.Save(m)
	return nil, nil
}
