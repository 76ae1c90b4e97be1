package installation

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/awscall/safeclient"
	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/reach"
)

const (
	// knownHost is a host that exists wherever AWS does.
	knownHost = "sts.amazonaws.com"
	// lookupTime limits the lookup of knownHost.
	lookupTime = 2 * time.Second
)

// regionClient finds out why a host of AWS does not exist: there is no such Region, or there is no network.
type regionClient struct {
	next   aws.HTTPClient
	region string
	exists func(ctx context.Context, host string) bool
}

func newRegionClient(cfg aws.Config) *regionClient {
	return &regionClient{next: reach.NewClient(safeclient.New(cfg.HTTPClient)), region: cfg.Region, exists: hostExists}
}

// Do sends a request.
func (c *regionClient) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.next.Do(req)
	unreachable, ok := errors.AsType[*reach.Error](err)
	if !ok || unreachable.Why != reach.NoSuchHost || !strings.Contains(unreachable.Host, "."+c.region+".amazonaws.") {
		return resp, err
	}
	if c.exists(req.Context(), knownHost) {
		return nil, &cause.RegionError{Region: c.region}
	}
	unreachable.Why = reach.NoNetwork
	return nil, unreachable
}

func hostExists(ctx context.Context, host string) bool {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	found, err := net.DefaultResolver.LookupHost(ctx, host)
	return err == nil && len(found) > 0
}
