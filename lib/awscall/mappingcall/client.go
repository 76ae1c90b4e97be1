// Package mappingcall has a client for the event source mappings of AWS Lambda: see package plaincall.
package mappingcall

import (
	"context"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/awscall/plaincall"
)

// Client calls AWS Lambda. It is safe for concurrent use.
type Client struct{ calls *plaincall.Client }

// New returns a client.
func New(cfg aws.Config) *Client {
	return &Client{plaincall.New(cfg, plaincall.Service{ID: "Lambda", Host: "lambda"})}
}

// Mapping is an event source mapping. https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
type Mapping struct {
	UUID                           string
	EventSourceArn                 string
	State                          string
	BatchSize                      int
	MaximumBatchingWindowInSeconds int
	ScalingConfig                  *ScalingConfig
	FunctionResponseTypes          []string
}

// ScalingConfig limits concurrent invocations.
type ScalingConfig struct {
	MaximumConcurrency *int `json:",omitempty"` // nil: no limit
}

// ReportBatchItemFailures is the function response type with which messages are retried alone.
const ReportBatchItemFailures = "ReportBatchItemFailures"

// CreateInput is what a new mapping has. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
type CreateInput struct {
	EventSourceArn                 string
	FunctionName                   string
	BatchSize                      int
	MaximumBatchingWindowInSeconds int
	ScalingConfig                  *ScalingConfig `json:",omitempty"`
	FunctionResponseTypes          []string
	Tags                           map[string]string `json:",omitempty"`
}

// UpdateInput is what a mapping has from now on. https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
type UpdateInput struct {
	Enabled                        bool
	BatchSize                      int
	MaximumBatchingWindowInSeconds int
	ScalingConfig                  ScalingConfig // must be given: without it, the limit stays
	FunctionResponseTypes          []string
}

// Page is a page of a list.
type Page struct {
	EventSourceMappings []Mapping
	NextMarker          string // empty: it is the last one
}

// mappingsPath is the path of all mappings.
const mappingsPath = "/2015-03-31/event-source-mappings"

// List returns a page of the mappings to a function from one event source or, if that is empty, from all. The first page has no marker.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
func (c *Client) List(ctx context.Context, function, eventSource, marker string) (page Page, err error) {
	query := url.Values{"FunctionName": {function}}
	if eventSource != "" {
		query.Set("EventSourceArn", eventSource)
	}
	if marker != "" {
		query.Set("Marker", marker)
	}
	err = c.calls.Call(ctx, plaincall.Request{Operation: "ListEventSourceMappings", Method: http.MethodGet, Path: mappingsPath, Query: query}, &page)
	return page, err
}

// Create creates a mapping.
func (c *Client) Create(ctx context.Context, in CreateInput) (created Mapping, err error) {
	err = c.calls.Call(ctx, plaincall.Request{Operation: "CreateEventSourceMapping", Method: http.MethodPost, Path: mappingsPath, Input: in}, &created)
	return created, err
}

// Update changes a mapping.
func (c *Client) Update(ctx context.Context, uuid string, in UpdateInput) (updated Mapping, err error) {
	err = c.calls.Call(ctx, plaincall.Request{Operation: "UpdateEventSourceMapping", Method: http.MethodPut, Path: mappingsPath + "/" + uuid, Input: in}, &updated)
	return updated, err
}

// Delete deletes a mapping. https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html
func (c *Client) Delete(ctx context.Context, uuid string) (deleted Mapping, err error) {
	err = c.calls.Call(ctx, plaincall.Request{Operation: "DeleteEventSourceMapping", Method: http.MethodDelete, Path: mappingsPath + "/" + uuid}, &deleted)
	return deleted, err
}
