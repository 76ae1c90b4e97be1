package dynamodb

import (
	"context"
	"slices"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/expr"
)

type queryInput struct {
	KeyConditionExpression *string
	ScanIndexForward       *bool
	pageInput
}

// queryParts are what the strings of a query say.
type queryParts struct {
	conditions map[string]expr.KeyCondition // by attribute
	filter     expr.Condition
	start      attr.Item // ExclusiveStartKey
}

// query returns the items of a partition, in the order of their sort keys.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
func (s *Service) query(ctx context.Context, in *queryInput) (*pageOutput, error) {
	var c constraints
	c.checkTableName(s.tableName(in.TableName))
	in.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	q, err := in.read()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.active(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := q.check(t); err != nil {
		return nil, err
	}
	found := q.partition(t)
	if in.ScanIndexForward != nil && !*in.ScanIndexForward {
		found = slices.Clone(found)
		slices.Reverse(found)
	}
	if q.start != nil {
		start := t.keyIn(q.start)
		beyond := 1
		if in.ScanIndexForward != nil && !*in.ScanIndexForward {
			beyond = -1
		}
		found = slices.DeleteFunc(slices.Clone(found), func(r *record) bool { return compareKeys(r.key, start)*beyond <= 0 })
	}
	at := s.readTime(in.ConsistentRead)
	out := in.page(t, func(yield func(attr.Item) bool) {
		for _, r := range found {
			if item := r.at(at); item != nil && !yield(item) {
				return
			}
		}
	}, q.filter)
	s.countRead(ctx, out.size, in.ConsistentRead)
	return out, nil
}

func (in *queryInput) read() (q queryParts, err error) {
	if err := in.checkSelect(); err != nil {
		return q, err
	}
	if q.start, err = in.startKey(); err != nil {
		return q, err
	}
	if in.KeyConditionExpression == nil {
		return q, validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	refs, err := expr.NewContext(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err != nil {
		return q, invalid(err)
	}
	if q.conditions, err = refs.KeyConditions(*in.KeyConditionExpression); err != nil {
		return q, invalid(err)
	}
	if q.filter, err = in.filter(refs); err != nil {
		return q, err
	}
	if err := refs.Unused(); err != nil {
		return q, invalid(err)
	}
	return q, nil
}

// check compares a query with the table's key.
func (q *queryParts) check(t *table) error {
	for i, k := range t.keys {
		condition, ok := q.conditions[k.name]
		if !ok {
			if i == 0 || len(q.conditions) > 1 {
				return validation("Query condition missed key schema element: %s", k.name)
			}
			continue
		}
		for _, v := range condition.Values {
			if v.Type != k.typ {
				return validation("One or more parameter values were invalid: Condition parameter type does not match schema type")
			}
			if err := checkKeyValue(i, k.name, v); err != nil {
				return err
			}
		}
		if i == 0 && (condition.Operator != "=" || len(t.keys) == 1 && len(q.conditions) > 1) {
			return validation("Query key condition not supported")
		}
	}
	if err := q.checkStart(t); err != nil {
		return err
	}
	for _, k := range t.keys {
		if whole, _ := q.filter.Uses(k.name); whole {
			return validation("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", k.name)
		}
	}
	return nil
}

// checkStart rejects a starting key that the query cannot have returned.
func (q *queryParts) checkStart(t *table) error {
	if q.start == nil {
		return nil
	}
	if len(q.start) != len(t.keys) {
		return validation("The provided starting key is invalid")
	}
	if _, err := t.keyOf(q.start); err != nil {
		return validation("The provided starting key is invalid: %s", messageOf(err))
	}
	for i, k := range t.keys {
		condition, ok := q.conditions[k.name]
		switch {
		case !ok || condition.Holds(q.start[k.name]):
		case i == 0:
			return validation("The provided starting key is outside query boundaries based on provided conditions")
		default:
			return validation("The provided starting key does not match the range key predicate")
		}
	}
	return nil
}

// partition returns the records that the key conditions select, in order.
func (q *queryParts) partition(t *table) []*record {
	place := newKey(q.conditions[t.keys[0].name].Values[0], attr.Value{}).place
	from, _ := slices.BinarySearchFunc(t.items.records, place, func(r *record, place string) int {
		if r.key.place < place {
			return -1
		}
		return 1
	})
	to := from
	for to < len(t.items.records) && t.items.records[to].key.place == place {
		to++
	}
	found := t.items.records[from:to]
	if len(t.keys) < 2 {
		return found
	}
	condition, ok := q.conditions[t.keys[1].name]
	if !ok {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(r *record) bool { return !condition.Holds(r.key.sort) })
}

func messageOf(err error) string { return awsapi.AsError(err).Message }
