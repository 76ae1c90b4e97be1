package esm

import (
	"net/http"
	"strconv"

	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// pageSize: "Note that ListEventSourceMappings returns a maximum of 100 items in each response, even if you set the number higher."
// https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
const (
	pageSize    = 100
	maxMaxItems = 10_000
)

type listOutput struct {
	EventSourceMappings []*description
	NextMarker          string `json:",omitempty"`
}

func (s *Service) list(r *http.Request, _ []byte) (any, error) {
	query := r.URL.Query()
	most := pageSize
	if given := query.Get("MaxItems"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil {
			return nil, restjson.Errorf(http.StatusBadRequest, "SerializationException", "MaxItems must be a number, not %q", given)
		}
		if err := restjson.Range(n, "maxItems", 1, maxMaxItems); err != nil {
			return nil, err
		}
		most = min(n, pageSize)
	}
	after := 0
	if marker := query.Get("Marker"); marker != "" {
		n, err := strconv.Atoi(marker)
		if err != nil {
			return nil, restjson.InvalidParameterf("invalid Marker: use the NextMarker of the previous response")
		}
		after = n
	}
	queue, function := query.Get("EventSourceArn"), ""
	if name := query.Get("FunctionName"); name != "" {
		target, err := s.config.Functions.Resolve(name)
		if err != nil {
			return nil, err
		}
		function = target.ARN
	}

	s.lock()
	defer s.mu.Unlock()
	out := &listOutput{EventSourceMappings: []*description{}}
	last := 0
	visible := s.config.Clock.Now().Add(-s.config.ListLag)
	for _, m := range s.mappings {
		if m.created.After(visible) || m.number <= after || queue != "" && m.queue != queue || function != "" && m.function.ARN != function {
			continue
		}
		if len(out.EventSourceMappings) == most {
			out.NextMarker = strconv.Itoa(last)
			break
		}
		out.EventSourceMappings = append(out.EventSourceMappings, s.describe(m))
		last = m.number
	}
	return out, nil
}
