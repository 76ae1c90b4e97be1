// Package table reads and writes the items of the alerts table in DynamoDB. An item has a version, so that of two writers who have read the same
// one, only the first can write.
package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"heroku-drains/lib/stack"
)

// Item is an item of the table.
type Item struct {
	App, Key string
	Version  int64     // 0: it is not in the table
	State    []byte    // text; nil if there is no item, or it has expired
	Expires  time.Time // when DynamoDB may delete it
}

// ErrChanged means that somebody else wrote the item after it was read.
var ErrChanged = errors.New("the item was changed meanwhile")

// DynamoDB is the part of the SDK's client that a Table needs.
type DynamoDB interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	dynamodb.QueryAPIClient
	dynamodb.ScanAPIClient
}

// Table is the alerts table.
type Table struct {
	db   DynamoDB
	name string
	now  func() time.Time
}

// New returns the table with this name or ARN. The clock says which items have expired.
func New(db DynamoDB, name string, now func() time.Time) *Table {
	return &Table{db: db, name: name, now: now}
}

// Get returns the newest version of an item.
func (t *Table) Get(ctx context.Context, app, key string) (Item, error) {
	stored, err := t.get(ctx, app, key)
	if err != nil {
		return Item{}, err
	}
	return t.item(app, key, stored)
}

func (t *Table) get(ctx context.Context, app, key string) (map[string]types.AttributeValue, error) {
	out, err := t.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.name, Key: keyOf(app, key), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("read %s of %s from the alerts table: %w", key, app, err)
	}
	return out.Item, nil
}

// App returns the items of an app whose keys begin with a prefix, by key.
func (t *Table) App(ctx context.Context, app, prefix string) ([]Item, error) {
	in := &dynamodb.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#app = :app"),
		ExpressionAttributeNames:  map[string]string{"#app": stack.TableApp},
		ExpressionAttributeValues: map[string]types.AttributeValue{":app": text(app)},
	}
	if prefix != "" { // DynamoDB rejects an empty one
		in.KeyConditionExpression = aws.String("#app = :app AND begins_with(#key, :prefix)")
		in.ExpressionAttributeNames["#key"], in.ExpressionAttributeValues[":prefix"] = stack.TableKey, text(prefix)
	}
	var items []Item
	for pages := dynamodb.NewQueryPaginator(t.db, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the items of %s from the alerts table: %w", app, err)
		}
		if items, err = t.items(items, page.Items); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// All returns all items. They may be a second out of date, which costs half as much.
func (t *Table) All(ctx context.Context) ([]Item, error) {
	var items []Item
	for pages := dynamodb.NewScanPaginator(t.db, &dynamodb.ScanInput{TableName: &t.name}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the alerts table: %w", err)
		}
		if items, err = t.items(items, page.Items); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// items appends the items that have not expired.
func (t *Table) items(items []Item, stored []map[string]types.AttributeValue) ([]Item, error) {
	for _, attributes := range stored {
		item, err := t.item(textOf(attributes, stack.TableApp), textOf(attributes, stack.TableKey), attributes)
		if err != nil {
			return nil, err
		}
		if item.State != nil {
			items = append(items, item)
		}
	}
	return items, nil
}
