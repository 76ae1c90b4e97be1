package sqs

import "context"

type getQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string
}

type queueAttributes struct {
	Attributes map[string]string `json:",omitempty"`
}

func (s *Service) getQueueAttributes(_ context.Context, in *getQueueAttributesInput) (*queueAttributes, error) {
	if err := checkAttributeNames(in.AttributeNames); err != nil {
		return nil, err
	}
	out := new(queueAttributes)
	return out, s.withQueue(in.QueueUrl, func(q *queue) error {
		out.Attributes = selectAttributes(q.describe(s.clock.Now(), s.lag.Counts), in.AttributeNames)
		return nil
	})
}

// selectAttributes returns the attributes with the given names. The name All selects every attribute.
func selectAttributes(all map[string]string, names []string) map[string]string {
	chosen := make(map[string]string)
	for _, name := range names {
		if name == "All" {
			return all
		}
		if value, ok := all[name]; ok {
			chosen[name] = value
		}
	}
	return chosen
}

type setQueueAttributesInput struct {
	QueueUrl   string
	Attributes map[string]string
}

func (s *Service) setQueueAttributes(_ context.Context, in *setQueueAttributesInput) (*empty, error) {
	if len(in.Attributes) == 0 {
		return nil, missingParameter("Attribute.Name")
	}
	settings, err := parseAttributes(in.Attributes)
	if err != nil {
		return nil, err
	}
	return nil, s.withQueue(in.QueueUrl, func(q *queue) error {
		policy, err := parseRedrivePolicy(settings["RedrivePolicy"])
		if err != nil {
			return err
		}
		if err := s.checkRedrive(q.name, policy); err != nil {
			return err
		}
		q.set(settings, s.clock.Now())
		s.keeper.save(q)
		return nil
	})
}
