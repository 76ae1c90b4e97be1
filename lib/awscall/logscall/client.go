// Package logscall has a client of CloudWatch Logs with few operations: see package awscall.
package logscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, cloudwatchlogs.Options]

// Writer has the operations of the storage function, which stores events.
type Writer struct {
	createLogStream operation[cloudwatchlogs.CreateLogStreamInput, cloudwatchlogs.CreateLogStreamOutput]
	putLogEvents    operation[cloudwatchlogs.PutLogEventsInput, cloudwatchlogs.PutLogEventsOutput]
}

// NewWriter returns a client that calls the SDK's.
func NewWriter(c *cloudwatchlogs.Client) Writer {
	return Writer{
		createLogStream: c.CreateLogStream,
		putLogEvents:    c.PutLogEvents,
	}
}

// Client has the operations of the CLI, which reads events. Its methods are those of *cloudwatchlogs.Client.
type Client struct {
	filterLogEvents operation[cloudwatchlogs.FilterLogEventsInput, cloudwatchlogs.FilterLogEventsOutput]
	getQueryResults operation[cloudwatchlogs.GetQueryResultsInput, cloudwatchlogs.GetQueryResultsOutput]
	startQuery      operation[cloudwatchlogs.StartQueryInput, cloudwatchlogs.StartQueryOutput]
	stopQuery       operation[cloudwatchlogs.StopQueryInput, cloudwatchlogs.StopQueryOutput]
}

// New returns a client that calls the SDK's.
func New(c *cloudwatchlogs.Client) Client {
	return Client{
		filterLogEvents: c.FilterLogEvents,
		getQueryResults: c.GetQueryResults,
		startQuery:      c.StartQuery,
		stopQuery:       c.StopQuery,
	}
}

// CreateLogStream calls the operation of this name.
func (c Writer) CreateLogStream(ctx context.Context, in *cloudwatchlogs.CreateLogStreamInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	return c.createLogStream(ctx, in, opts...)
}

// FilterLogEvents calls the operation of this name.
func (c Client) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	return c.filterLogEvents(ctx, in, opts...)
}

// GetQueryResults calls the operation of this name.
func (c Client) GetQueryResults(ctx context.Context, in *cloudwatchlogs.GetQueryResultsInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	return c.getQueryResults(ctx, in, opts...)
}

// PutLogEvents calls the operation of this name.
func (c Writer) PutLogEvents(ctx context.Context, in *cloudwatchlogs.PutLogEventsInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error) {
	return c.putLogEvents(ctx, in, opts...)
}

// StartQuery calls the operation of this name.
func (c Client) StartQuery(ctx context.Context, in *cloudwatchlogs.StartQueryInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartQueryOutput, error) {
	return c.startQuery(ctx, in, opts...)
}

// StopQuery calls the operation of this name.
func (c Client) StopQuery(ctx context.Context, in *cloudwatchlogs.StopQueryInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StopQueryOutput, error) {
	return c.stopQuery(ctx, in, opts...)
}
