// Package streamcall has a client for the log streams of Amazon CloudWatch Logs: see package plaincall. It does not put events.
package streamcall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/awscall/plaincall"
)

// Client calls CloudWatch Logs. It is safe for concurrent use.
type Client struct{ calls *plaincall.Client }

// New returns a client.
func New(cfg aws.Config) *Client {
	return &Client{plaincall.New(cfg, plaincall.Service{ID: "CloudWatch Logs", Host: "logs", Target: "Logs_20140328", Version: "1.1", GovFIPS: true})}
}

// The codes of errors that callers tell apart.
const (
	AlreadyExists = "ResourceAlreadyExistsException"
	NotFound      = "ResourceNotFoundException" // of the stream or its group
	Aborted       = "OperationAbortedException" // another call is changing the stream
)

// Stream is a log stream. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
type Stream struct {
	Name      string `json:"logStreamName"`
	LastEvent *int64 `json:"lastEventTimestamp"` // Unix time in milliseconds; nil: it has no event yet
}

// List is which streams to list.
type List struct {
	Group  string `json:"logGroupName"`
	Prefix string `json:"logStreamNamePrefix,omitempty"`
	Limit  int    `json:"limit,omitempty"` // of a page; 0: that of CloudWatch Logs, 50
	Token  string `json:"nextToken,omitempty"`
}

// Page is a page of a list.
type Page struct {
	Streams []Stream `json:"logStreams"`
	Token   string   `json:"nextToken"` // empty: it is the last one
}

// List returns a page of streams, in the order of their names.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
func (c *Client) List(ctx context.Context, which List) (page Page, err error) {
	err = c.calls.Call(ctx, plaincall.Request{Operation: "DescribeLogStreams", Input: which}, &page)
	return page, err
}

// name is the input of the operations on one stream.
type name struct {
	Group  string `json:"logGroupName"`
	Stream string `json:"logStreamName"`
}

// Create creates a stream. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
func (c *Client) Create(ctx context.Context, group, stream string) error {
	return c.calls.Call(ctx, plaincall.Request{Operation: "CreateLogStream", Input: name{group, stream}}, nil)
}

// Delete deletes a stream with its events. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html
func (c *Client) Delete(ctx context.Context, group, stream string) error {
	return c.calls.Call(ctx, plaincall.Request{Operation: "DeleteLogStream", Input: name{group, stream}}, nil)
}
