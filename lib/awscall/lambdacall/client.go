// Package lambdacall has a client of AWS Lambda with few operations: see package awscall.
package lambdacall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, lambda.Options]

// Client calls AWS Lambda. Its methods are those of *lambda.Client.
type Client struct {
	getAccountSettings      operation[lambda.GetAccountSettingsInput, lambda.GetAccountSettingsOutput]
	listEventSourceMappings operation[lambda.ListEventSourceMappingsInput, lambda.ListEventSourceMappingsOutput]
}

// New returns a client that calls the SDK's.
func New(c *lambda.Client) Client {
	return Client{
		getAccountSettings:      c.GetAccountSettings,
		listEventSourceMappings: c.ListEventSourceMappings,
	}
}

// GetAccountSettings calls the operation of this name.
func (c Client) GetAccountSettings(ctx context.Context, in *lambda.GetAccountSettingsInput, opts ...func(*lambda.Options)) (*lambda.GetAccountSettingsOutput, error) {
	return c.getAccountSettings(ctx, in, opts...)
}

// ListEventSourceMappings calls the operation of this name.
func (c Client) ListEventSourceMappings(ctx context.Context, in *lambda.ListEventSourceMappingsInput, opts ...func(*lambda.Options)) (*lambda.ListEventSourceMappingsOutput, error) {
	return c.listEventSourceMappings(ctx, in, opts...)
}
