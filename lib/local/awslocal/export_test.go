package awslocal

import (
	"encoding/json"
	"fmt"

	"heroku-drains/lib/local/awslocal/internal/cwlogs"
	"heroku-drains/lib/local/awslocal/internal/journal"
)

// Kept returns everything that Options.Data keeps, as the services have it in memory: the JSON of each entity by its key, and the events of each log group.
func (s *Server) Kept() (map[string]string, error) {
	kept := make(map[string]string)
	var failed error
	for _, source := range s.sources {
		source(func(e journal.Entity) {
			text, err := json.Marshal(e.Record())
			if err != nil {
				failed = err
			}
			kept[e.Key()] = string(text)
		})
	}
	logs := s.services["logs"].handler.(*cwlogs.Service)
	groups, err := logs.Operations["DescribeLogGroups"](s.lifetime, nil)
	if err != nil {
		return nil, err
	}
	var list struct {
		LogGroups []struct{ LogGroupName, LogGroupClass string }
	}
	if err := through(groups, &list); err != nil {
		return nil, err
	}
	for _, g := range list.LogGroups {
		if g.LogGroupClass != "STANDARD" {
			continue
		}
		in := map[string]any{"logGroupName": g.LogGroupName}
		for page := 0; page == 0 || in["nextToken"] != ""; page++ {
			body, err := json.Marshal(in)
			if err != nil {
				return nil, err
			}
			events, err := logs.Operations["FilterLogEvents"](s.lifetime, body)
			if err != nil {
				return nil, err
			}
			var out struct {
				Events    json.RawMessage
				NextToken string
			}
			if err := through(events, &out); err != nil {
				return nil, err
			}
			kept[fmt.Sprintf("events of %s, page %d", g.LogGroupName, page)] = string(out.Events)
			in["nextToken"] = out.NextToken
		}
	}
	return kept, failed
}

// through decodes the JSON of an answer.
func through(answer, into any) error {
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
