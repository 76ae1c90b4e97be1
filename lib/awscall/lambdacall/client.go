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
	createEventSourceMapping operation[lambda.CreateEventSourceMappingInput, lambda.CreateEventSourceMappingOutput]
	deleteEventSourceMapping operation[lambda.DeleteEventSourceMappingInput, lambda.DeleteEventSourceMappingOutput]
	getAccountSettings       operation[lambda.GetAccountSettingsInput, lambda.GetAccountSettingsOutput]
	listEventSourceMappings  operation[lambda.ListEventSourceMappingsInput, lambda.ListEventSourceMappingsOutput]
	updateEventSourceMapping operation[lambda.UpdateEventSourceMappingInput, lambda.UpdateEventSourceMappingOutput]
}

// New returns a client that calls the SDK's.
func New(c *lambda.Client) Client {
	return Client{
		createEventSourceMapping: c.CreateEventSourceMapping,
		deleteEventSourceMapping: c.DeleteEventSourceMapping,
		getAccountSettings:       c.GetAccountSettings,
		listEventSourceMappings:  c.ListEventSourceMappings,
		updateEventSourceMapping: c.UpdateEventSourceMapping,
	}
}

// CreateEventSourceMapping calls the operation of this name.
func (c Client) CreateEventSourceMapping(ctx context.Context, in *lambda.CreateEventSourceMappingInput, opts ...func(*lambda.Options)) (*lambda.CreateEventSourceMappingOutput, error) {
	return c.createEventSourceMapping(ctx, in, opts...)
}

// DeleteEventSourceMapping calls the operation of this name.
func (c Client) DeleteEventSourceMapping(ctx context.Context, in *lambda.DeleteEventSourceMappingInput, opts ...func(*lambda.Options)) (*lambda.DeleteEventSourceMappingOutput, error) {
	return c.deleteEventSourceMapping(ctx, in, opts...)
}

// GetAccountSettings calls the operation of this name.
func (c Client) GetAccountSettings(ctx context.Context, in *lambda.GetAccountSettingsInput, opts ...func(*lambda.Options)) (*lambda.GetAccountSettingsOutput, error) {
	return c.getAccountSettings(ctx, in, opts...)
}

// ListEventSourceMappings calls the operation of this name.
func (c Client) ListEventSourceMappings(ctx context.Context, in *lambda.ListEventSourceMappingsInput, opts ...func(*lambda.Options)) (*lambda.ListEventSourceMappingsOutput, error) {
	return c.listEventSourceMappings(ctx, in, opts...)
}

// UpdateEventSourceMapping calls the operation of this name.
func (c Client) UpdateEventSourceMapping(ctx context.Context, in *lambda.UpdateEventSourceMappingInput, opts ...func(*lambda.Options)) (*lambda.UpdateEventSourceMappingOutput, error) {
	return c.updateEventSourceMapping(ctx, in, opts...)
}
