// Package itemcall has a client that writes items of Amazon DynamoDB: see package plaincall.
package itemcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/awscall/plaincall"
)

// Client calls DynamoDB. It is safe for concurrent use.
type Client struct{ calls *plaincall.Client }

// New returns a client.
func New(cfg aws.Config) *Client {
	return &Client{plaincall.New(cfg, plaincall.Service{ID: "DynamoDB", Host: "dynamodb", Target: "DynamoDB_20120810", Version: "1.0", GovFIPS: true})}
}

// Value is the value of an attribute: one of these. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
type Value struct {
	S    *string `json:",omitempty"`
	N    *string `json:",omitempty"` // a number in decimal
	B    []byte  `json:",omitempty"` // not empty
	BOOL *bool   `json:",omitempty"`
}

// Item is an item, by the names of its attributes.
type Item map[string]Value

// Put is an item to write, and the condition under which it is written.
type Put struct {
	TableName                 string // or the table's ARN
	Item                      Item
	ConditionExpression       string
	ExpressionAttributeNames  map[string]string `json:",omitempty"`
	ExpressionAttributeValues Item              `json:",omitempty"`
}

// Refused is the error of a Put whose condition is false.
type Refused struct{ Item Item } // that the table has; empty: none

func (*Refused) Error() string { return "the condition of the write is false" }

// Put writes an item, in place of the one that the table has. If the condition is false, it returns a *Refused.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
func (c *Client) Put(ctx context.Context, put Put) error {
	input := struct {
		Put

		ReturnValuesOnConditionCheckFailure string
	}{put, "ALL_OLD"}
	err := c.calls.Call(ctx, plaincall.Request{Operation: "PutItem", Input: input}, nil)
	failure, ok := errors.AsType[*plaincall.Failure](err)
	if !ok || failure.Code != "ConditionalCheckFailedException" {
		return err
	}
	refused := &Refused{}
	if err := json.Unmarshal(failure.Body, refused); err != nil {
		return fmt.Errorf("read the item that the table has: %w", err)
	}
	return refused
}
