package dynamodb

import (
	"context"
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
	"heroku-drains/lib/local/awslocal/internal/dynamodb/expr"
)

// maxItem: "The maximum item size in DynamoDB is 400 KB, which includes both attribute name binary length (UTF-8 length) and attribute value lengths".
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const maxItem = 400 << 10

// writeInput is what PutItem and DeleteItem have in common.
type writeInput struct {
	TableName                           string
	ConditionExpression                 *string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           map[string]attr.Wire
	ReturnValues                        string
	ReturnValuesOnConditionCheckFailure string
}

type writeOutput struct {
	Attributes attr.Item `json:",omitempty"`
}

func (in *writeInput) check(c *constraints) {
	c.oneOf(in.ReturnValues, "returnValues", "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
	c.oneOf(in.ReturnValuesOnConditionCheckFailure, "returnValuesOnConditionCheckFailure", "ALL_OLD", "NONE")
}

// condition returns the condition of the write. One that is not given always holds.
func (in *writeInput) condition() (condition expr.Condition, err error) {
	if in.ConditionExpression == nil {
		return condition, checkNoReferences(in.ExpressionAttributeNames, in.ExpressionAttributeValues, "ConditionExpression is null")
	}
	refs, err := expr.NewContext(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err == nil {
		condition, err = refs.Condition("ConditionExpression", *in.ConditionExpression)
	}
	if err == nil {
		err = refs.Unused()
	}
	if err != nil {
		return condition, invalid(err)
	}
	return condition, nil
}

// checkNoReferences rejects the names and values of a request without expressions.
func checkNoReferences(names map[string]string, values map[string]attr.Wire, missing string) error {
	switch {
	case names != nil:
		return validation("ExpressionAttributeNames can only be specified when using expressions")
	case values != nil:
		return validation("ExpressionAttributeValues can only be specified when using expressions: %s", missing)
	}
	return nil
}

type putItemInput struct {
	Item map[string]attr.Wire
	writeInput
}

// putItem creates or replaces an item.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
func (s *Service) putItem(ctx context.Context, in *putItemInput) (*writeOutput, error) {
	var c constraints
	c.checkTableName(s.tableName(in.TableName))
	c.required(in.Item != nil, "item")
	in.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	item, err := attr.ParseItem(in.Item)
	if err != nil {
		return nil, invalid(err)
	}
	if item.Size() > maxItem {
		return nil, validation("Item size has exceeded the maximum allowed size")
	}
	return s.write(ctx, &in.writeInput, item, func(t *table) (key, error) { return t.keyOfItem(item) })
}

type deleteItemInput struct {
	Key map[string]attr.Wire
	writeInput
}

// deleteItem deletes an item, if there is one.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
func (s *Service) deleteItem(ctx context.Context, in *deleteItemInput) (*writeOutput, error) {
	var c constraints
	c.checkTableName(s.tableName(in.TableName))
	c.required(in.Key != nil, "key")
	in.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	attributes, err := attr.ParseItem(in.Key)
	if err != nil {
		return nil, invalid(err)
	}
	return s.write(ctx, &in.writeInput, nil, func(t *table) (key, error) { return t.keyOf(attributes) })
}

// write replaces the item with a key if the condition holds. A nil item deletes it.
func (s *Service) write(ctx context.Context, in *writeInput, item attr.Item, keyIn func(*table) (key, error)) (*writeOutput, error) {
	if in.ReturnValues != "" && in.ReturnValues != "NONE" && in.ReturnValues != "ALL_OLD" {
		return nil, validation("ReturnValues can only be ALL_OLD or NONE")
	}
	condition, err := in.condition()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.active(in.TableName)
	if err != nil {
		return nil, err
	}
	k, err := keyIn(t)
	if err != nil {
		return nil, err
	}
	if err := t.checkPaths(condition); err != nil {
		return nil, err
	}
	now := s.config.Clock.Now()
	old := t.items.get(k, now)
	s.countWrite(ctx, old.Size(), item.Size())
	if !condition.Holds(old) {
		return nil, conditionFailed(old, in.ReturnValuesOnConditionCheckFailure)
	}
	t.items.set(k, item, now)
	s.config.Journal.Save(keptItem{table: t.id, key: k, item: item})
	if in.ReturnValues == "ALL_OLD" {
		return &writeOutput{Attributes: old}, nil
	}
	return &writeOutput{}, nil
}

// checkPaths rejects a condition on a part of a key attribute.
func (t *table) checkPaths(condition expr.Condition) error {
	for _, k := range t.keys {
		if _, part := condition.Uses(k.name); part {
			return validation("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: %s", k.name)
		}
	}
	return nil
}

func conditionFailed(old attr.Item, returned string) error {
	e := awsapi.Errorf(http.StatusBadRequest, "ConditionalCheckFailedException", "The conditional request failed")
	if returned == "ALL_OLD" && old != nil {
		e.Fields = map[string]any{"Item": old}
	}
	return e
}
