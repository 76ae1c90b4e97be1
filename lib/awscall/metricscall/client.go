// Package metricscall has a client of CloudWatch with few operations: see package awscall.
package metricscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, cloudwatch.Options]

// Client calls CloudWatch. Its methods are those of *cloudwatch.Client.
type Client struct {
	getMetricData operation[cloudwatch.GetMetricDataInput, cloudwatch.GetMetricDataOutput]
}

// New returns a client that calls the SDK's.
func New(c *cloudwatch.Client) Client {
	return Client{
		getMetricData: c.GetMetricData,
	}
}

// GetMetricData calls the operation of this name.
func (c Client) GetMetricData(ctx context.Context, in *cloudwatch.GetMetricDataInput, opts ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	return c.getMetricData(ctx, in, opts...)
}
