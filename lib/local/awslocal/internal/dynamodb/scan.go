package dynamodb

import (
	"context"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/expr"
)

type scanInput struct{ pageInput }

// scan returns the items of a table, in no particular order.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
func (s *Service) scan(ctx context.Context, in *scanInput) (*pageOutput, error) {
	var c constraints
	c.checkTableName(s.tableName(in.TableName))
	in.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	start, filter, err := in.read()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.active(in.TableName)
	if err != nil {
		return nil, err
	}
	from := 0
	if start != nil {
		k, err := t.keyOf(start)
		if err != nil {
			return nil, validation("The provided starting key is invalid: %s", messageOf(err))
		}
		var found bool
		if from, found = t.items.find(k); found {
			from++
		}
	}
	if err := t.checkPaths(filter); err != nil {
		return nil, err
	}
	at := s.readTime(in.ConsistentRead)
	out := in.page(t, func(yield func(attr.Item) bool) {
		for _, r := range t.items.records[from:] {
			if item := r.at(at); item != nil && !yield(item) {
				return
			}
		}
	}, filter)
	s.countRead(ctx, out.size, in.ConsistentRead)
	return out, nil
}

func (in *scanInput) read() (start attr.Item, filter expr.Condition, err error) {
	if in.FilterExpression == nil {
		err = checkNoReferences(in.ExpressionAttributeNames, in.ExpressionAttributeValues, "FilterExpression is null")
	}
	if err == nil {
		err = in.checkSelect()
	}
	if err == nil {
		start, err = in.startKey()
	}
	if err != nil || in.FilterExpression == nil {
		return start, filter, err
	}
	refs, err := expr.NewContext(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err != nil {
		return nil, filter, invalid(err)
	}
	if filter, err = in.filter(refs); err != nil {
		return nil, filter, err
	}
	if err := refs.Unused(); err != nil {
		return nil, filter, invalid(err)
	}
	return start, filter, nil
}
