package sqscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// endpoint returns the address that the SDK's client calls, or "" if its configuration lacks something, such as the Region: then every call fails.
func endpoint(c *sqs.Client) string {
	o := c.Options()
	resolved, err := o.EndpointResolverV2.ResolveEndpoint(context.Background(), sqs.EndpointParameters{
		Region: &o.Region, Endpoint: o.BaseEndpoint,
		UseFIPS:      aws.Bool(o.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled),
		UseDualStack: aws.Bool(o.EndpointOptions.UseDualStackEndpoint == aws.DualStackEndpointStateEnabled),
	})
	if err != nil {
		return ""
	}
	return resolved.URI.String()
}

// QueueURL returns the URL of a queue. It consists of the endpoint, the account and the name, so that it needs no call.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
func (c Sender) QueueURL(queue arn.ARN) string {
	return c.endpoint + "/" + queue.AccountID + "/" + queue.Resource
}
