// Package cfncall has a client of CloudFormation with few operations: see package awscall.
package cfncall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, cloudformation.Options]

// Client calls CloudFormation. Its methods are those of *cloudformation.Client.
type Client struct {
	describeStacks operation[cloudformation.DescribeStacksInput, cloudformation.DescribeStacksOutput]
}

// New returns a client that calls the SDK's.
func New(c *cloudformation.Client) Client {
	return Client{
		describeStacks: c.DescribeStacks,
	}
}

// DescribeStacks calls the operation of this name.
func (c Client) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, opts ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error) {
	return c.describeStacks(ctx, in, opts...)
}
