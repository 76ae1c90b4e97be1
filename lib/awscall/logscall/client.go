// Package logscall has a client of CloudWatch Logs with few operations: see package awscall.
package logscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, cloudwatchlogs.Options]

// Creator has the operation of all functions that need a log stream.
type Creator struct {
	createLogStream operation[cloudwatchlogs.CreateLogStreamInput, cloudwatchlogs.CreateLogStreamOutput]
}

// NewCreator returns a client that calls the SDK's.
func NewCreator(c *cloudwatchlogs.Client) Creator {
	return Creator{
		createLogStream: c.CreateLogStream,
	}
}

// Streams also has the operations of the drains function, which manages log streams.
type Streams struct {
	Creator

	deleteLogStream    operation[cloudwatchlogs.DeleteLogStreamInput, cloudwatchlogs.DeleteLogStreamOutput]
	describeLogStreams operation[cloudwatchlogs.DescribeLogStreamsInput, cloudwatchlogs.DescribeLogStreamsOutput]
}

// NewStreams returns a client that calls the SDK's.
func NewStreams(c *cloudwatchlogs.Client) Streams {
	return Streams{
		Creator: NewCreator(c),

		deleteLogStream:    c.DeleteLogStream,
		describeLogStreams: c.DescribeLogStreams,
	}
}

// Writer also has the operation of the storage function, which stores events.
type Writer struct {
	Creator

	putLogEvents operation[cloudwatchlogs.PutLogEventsInput, cloudwatchlogs.PutLogEventsOutput]
}

// NewWriter returns a client that calls the SDK's.
func NewWriter(c *cloudwatchlogs.Client) Writer {
	return Writer{Creator: NewCreator(c), putLogEvents: c.PutLogEvents}
}

// Client calls CloudWatch Logs. Its methods are those of *cloudwatchlogs.Client.
type Client struct {
	Streams

	filterLogEvents operation[cloudwatchlogs.FilterLogEventsInput, cloudwatchlogs.FilterLogEventsOutput]
	getQueryResults operation[cloudwatchlogs.GetQueryResultsInput, cloudwatchlogs.GetQueryResultsOutput]
	startQuery      operation[cloudwatchlogs.StartQueryInput, cloudwatchlogs.StartQueryOutput]
	stopQuery       operation[cloudwatchlogs.StopQueryInput, cloudwatchlogs.StopQueryOutput]
}

// New returns a client that calls the SDK's.
func New(c *cloudwatchlogs.Client) Client {
	return Client{
		Streams: NewStreams(c),

		filterLogEvents: c.FilterLogEvents,
		getQueryResults: c.GetQueryResults,
		startQuery:      c.StartQuery,
		stopQuery:       c.StopQuery,
	}
}

// CreateLogStream calls the operation of this name.
func (c Creator) CreateLogStream(ctx context.Context, in *cloudwatchlogs.CreateLogStreamInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	return c.createLogStream(ctx, in, opts...)
}

// DeleteLogStream calls the operation of this name.
func (c Streams) DeleteLogStream(ctx context.Context, in *cloudwatchlogs.DeleteLogStreamInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DeleteLogStreamOutput, error) {
	return c.deleteLogStream(ctx, in, opts...)
}

// DescribeLogStreams calls the operation of this name.
func (c Streams) DescribeLogStreams(ctx context.Context, in *cloudwatchlogs.DescribeLogStreamsInput, opts ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	return c.describeLogStreams(ctx, in, opts...)
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
