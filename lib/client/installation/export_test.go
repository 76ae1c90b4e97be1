package installation

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// NewRegionClient is a client of AWS in a Region, where exists knows which hosts there are.
func NewRegionClient(next aws.HTTPClient, region string, exists func(string) bool) aws.HTTPClient {
	c := newRegionClient(aws.Config{HTTPClient: next, Region: region})
	c.exists = func(_ context.Context, host string) bool { return exists(host) }
	return c
}
