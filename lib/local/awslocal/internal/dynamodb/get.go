package dynamodb

import (
	"context"
	"time"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

type getItemInput struct {
	TableName      string
	Key            map[string]attr.Wire
	ConsistentRead bool
}

type getItemOutput struct {
	Item attr.Item `json:",omitempty"`
}

// getItem returns the item with a key, or nothing.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
func (s *Service) getItem(ctx context.Context, in *getItemInput) (*getItemOutput, error) {
	var c constraints
	c.checkTableName(s.tableName(in.TableName))
	c.required(in.Key != nil, "key")
	if err := c.err(); err != nil {
		return nil, err
	}
	attributes, err := attr.ParseItem(in.Key)
	if err != nil {
		return nil, invalid(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.active(in.TableName)
	if err != nil {
		return nil, err
	}
	k, err := t.keyOf(attributes)
	if err != nil {
		return nil, err
	}
	item := t.items.get(k, s.readTime(in.ConsistentRead))
	s.countRead(ctx, item.Size(), in.ConsistentRead)
	return &getItemOutput{Item: item}, nil
}

// readTime returns the time as of which a read sees the items: an eventually consistent one sees an earlier state.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
func (s *Service) readTime(consistent bool) time.Time {
	now := s.config.Clock.Now()
	if consistent {
		return now
	}
	return now.Add(-s.config.Lag.Reads)
}
