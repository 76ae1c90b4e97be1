// Package snscall has a client of Amazon SNS with few operations: see package awscall.
package snscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, sns.Options]

// Client calls Amazon SNS. Its methods are those of *sns.Client.
type Client struct {
	listSubscriptionsByTopic operation[sns.ListSubscriptionsByTopicInput, sns.ListSubscriptionsByTopicOutput]
	publish                  operation[sns.PublishInput, sns.PublishOutput]
}

// New returns a client that calls the SDK's.
func New(c *sns.Client) Client {
	return Client{
		listSubscriptionsByTopic: c.ListSubscriptionsByTopic,
		publish:                  c.Publish,
	}
}

// ListSubscriptionsByTopic calls the operation of this name.
func (c Client) ListSubscriptionsByTopic(ctx context.Context, in *sns.ListSubscriptionsByTopicInput, opts ...func(*sns.Options)) (*sns.ListSubscriptionsByTopicOutput, error) {
	return c.listSubscriptionsByTopic(ctx, in, opts...)
}

// Publish calls the operation of this name.
func (c Client) Publish(ctx context.Context, in *sns.PublishInput, opts ...func(*sns.Options)) (*sns.PublishOutput, error) {
	return c.publish(ctx, in, opts...)
}
