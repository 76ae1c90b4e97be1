package plaincall

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// endpoint returns the address that a configuration chooses, without a slash at its end.
// https://docs.aws.amazon.com/general/latest/gr/rande.html
func (s Service) endpoint(cfg aws.Config) string {
	ctx := context.Background()
	fips, dualStack := false, false
	for _, source := range cfg.ConfigSources {
		if from, ok := source.(interface {
			GetServiceBaseEndpoint(context.Context, string) (string, bool, error)
		}); ok {
			if url, found, err := from.GetServiceBaseEndpoint(ctx, s.ID); found && err == nil {
				return strings.TrimSuffix(url, "/")
			}
		}
		if from, ok := source.(interface {
			GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error)
		}); ok {
			state, _, _ := from.GetUseFIPSEndpoint(ctx)
			fips = fips || state == aws.FIPSEndpointStateEnabled
		}
		if from, ok := source.(interface {
			GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error)
		}); ok {
			state, _, _ := from.GetUseDualStackEndpoint(ctx)
			dualStack = dualStack || state == aws.DualStackEndpointStateEnabled
		}
	}
	if cfg.BaseEndpoint != nil {
		return strings.TrimSuffix(*cfg.BaseEndpoint, "/")
	}
	p, host := partitionOf(cfg.Region), s.Host
	if fips && (dualStack || !s.GovFIPS || !strings.HasPrefix(cfg.Region, "us-gov-")) {
		host += "-fips"
	}
	if dualStack {
		return "https://" + host + "." + cfg.Region + "." + p.dualStack
	}
	return "https://" + host + "." + cfg.Region + "." + p.domain
}

// partition is a part of AWS with its own domains. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
type partition struct{ region, domain, dualStack string }

// partitionOf returns the partition of a Region.
func partitionOf(region string) partition {
	for _, p := range []partition{
		{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
		{"us-gov-", "amazonaws.com", "api.aws"},
		{"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
		{"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
		{"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
		{"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
		{"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
	} {
		if strings.HasPrefix(region, p.region) {
			return p
		}
	}
	return partition{domain: "amazonaws.com", dualStack: "api.aws"}
}
