package table

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"heroku-drains/lib/stack"
)

// The attributes that only this package knows.
const (
	attributeVersion = "version"
	attributeState   = "state"
	attributeWriter  = "writer" // tells writers of the same version apart
)

// Put writes an item that was read with Get, and returns it with its new version. If somebody else has written it since, the error is
// ErrChanged. After any other error, it may have been written.
func (t *Table) Put(ctx context.Context, item Item) (Item, error) {
	writer := rand.Text()
	old := number(item.Version)
	item.Version++
	attributes := keyOf(item.App, item.Key)
	attributes[attributeVersion], attributes[attributeWriter] = number(item.Version), text(writer)
	attributes[attributeState] = text(string(item.State))
	attributes[stack.TableExpires] = number(item.Expires.Unix())
	in := &dynamodb.PutItemInput{
		TableName: &t.name, Item: attributes,
		ConditionExpression:      aws.String("attribute_not_exists(#version)"),
		ExpressionAttributeNames: map[string]string{"#version": attributeVersion},
	}
	if item.Version > 1 {
		in.ConditionExpression = aws.String("#version = :version")
		in.ExpressionAttributeValues = map[string]types.AttributeValue{":version": old}
	}
	_, err := t.db.PutItem(ctx, in)
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
		return item, t.refused(ctx, item, writer)
	}
	if err != nil {
		return item, fmt.Errorf("write %s of %s to the alerts table: %w", item.Key, item.App, err)
	}
	return item, nil
}

// refused returns why DynamoDB refused to write an item. If the response to the SDK's first attempt was lost, it is because that attempt has
// written the item, and then there is no error.
func (t *Table) refused(ctx context.Context, item Item, writer string) error {
	stored, err := t.get(ctx, item.App, item.Key)
	if err != nil {
		return err
	}
	if textOf(stored, attributeWriter) == writer {
		return nil
	}
	return ErrChanged
}

// item returns an item as it is stored.
func (t *Table) item(app, key string, attributes map[string]types.AttributeValue) (Item, error) {
	item := Item{App: app, Key: key}
	if attributes == nil {
		return item, nil
	}
	version, err := numberOf(attributes, attributeVersion)
	if err != nil {
		return item, fmt.Errorf("read %s of %s from the alerts table: %w", key, app, err)
	}
	expires, err := numberOf(attributes, stack.TableExpires)
	if err != nil {
		return item, fmt.Errorf("read %s of %s from the alerts table: %w", key, app, err)
	}
	item.Version, item.Expires = version, time.Unix(expires, 0)
	if t.now().Before(item.Expires) { // DynamoDB deletes within a few days
		item.State = []byte(textOf(attributes, attributeState))
	}
	return item, nil
}

func keyOf(app, key string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{stack.TableApp: text(app), stack.TableKey: text(key)}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// textOf returns the text of an attribute, or "" if it has none.
func textOf(attributes map[string]types.AttributeValue, name string) string {
	if s, ok := attributes[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func numberOf(attributes map[string]types.AttributeValue, name string) (int64, error) {
	n, ok := attributes[name].(*types.AttributeValueMemberN)
	if !ok {
		return 0, fmt.Errorf("it has no number %s", name)
	}
	number, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("its number %s: %w", name, err)
	}
	return number, nil
}
