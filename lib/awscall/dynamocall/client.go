// Package dynamocall has a client of DynamoDB with few operations: see package awscall.
package dynamocall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, dynamodb.Options]

// Client calls DynamoDB. Its methods are those of *dynamodb.Client.
type Client struct {
	getItem operation[dynamodb.GetItemInput, dynamodb.GetItemOutput]
	putItem operation[dynamodb.PutItemInput, dynamodb.PutItemOutput]
	query   operation[dynamodb.QueryInput, dynamodb.QueryOutput]
	scan    operation[dynamodb.ScanInput, dynamodb.ScanOutput]
}

// New returns a client that calls the SDK's.
func New(c *dynamodb.Client) Client {
	return Client{
		getItem: c.GetItem,
		putItem: c.PutItem,
		query:   c.Query,
		scan:    c.Scan,
	}
}

// GetItem calls the operation of this name.
func (c Client) GetItem(ctx context.Context, in *dynamodb.GetItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	return c.getItem(ctx, in, opts...)
}

// PutItem calls the operation of this name.
func (c Client) PutItem(ctx context.Context, in *dynamodb.PutItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return c.putItem(ctx, in, opts...)
}

// Query calls the operation of this name.
func (c Client) Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	return c.query(ctx, in, opts...)
}

// Scan calls the operation of this name.
func (c Client) Scan(ctx context.Context, in *dynamodb.ScanInput, opts ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error) {
	return c.scan(ctx, in, opts...)
}
