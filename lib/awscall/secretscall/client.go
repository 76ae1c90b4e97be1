// Package secretscall has a client of Secrets Manager with few operations: see package awscall.
package secretscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, secretsmanager.Options]

// Reader has the operation of a function that reads a secret.
type Reader struct {
	getSecretValue operation[secretsmanager.GetSecretValueInput, secretsmanager.GetSecretValueOutput]
}

// NewReader returns a client that calls the SDK's.
func NewReader(c *secretsmanager.Client) Reader {
	return Reader{
		getSecretValue: c.GetSecretValue,
	}
}

// Client calls Secrets Manager. Its methods are those of *secretsmanager.Client.
type Client struct {
	Reader

	describeSecret operation[secretsmanager.DescribeSecretInput, secretsmanager.DescribeSecretOutput]
	putSecretValue operation[secretsmanager.PutSecretValueInput, secretsmanager.PutSecretValueOutput]
}

// New returns a client that calls the SDK's.
func New(c *secretsmanager.Client) Client {
	return Client{
		Reader: NewReader(c),

		describeSecret: c.DescribeSecret,
		putSecretValue: c.PutSecretValue,
	}
}

// DescribeSecret calls the operation of this name.
func (c Client) DescribeSecret(ctx context.Context, in *secretsmanager.DescribeSecretInput, opts ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error) {
	return c.describeSecret(ctx, in, opts...)
}

// GetSecretValue calls the operation of this name.
func (c Reader) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput, opts ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	return c.getSecretValue(ctx, in, opts...)
}

// PutSecretValue calls the operation of this name.
func (c Client) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, opts ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error) {
	return c.putSecretValue(ctx, in, opts...)
}
