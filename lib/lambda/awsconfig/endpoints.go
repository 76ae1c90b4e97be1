package awsconfig

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// endpoints tells the SDK's clients which of their endpoints to call. They look for its methods by their names.
type endpoints struct {
	fips      aws.FIPSEndpointState
	dualStack aws.DualStackEndpointState
}

// readEndpoints reads which endpoints the environment chooses.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
func readEndpoints() (endpoints, error) {
	var e endpoints
	fips, err := isTrue("AWS_USE_FIPS_ENDPOINT")
	if err != nil {
		return e, err
	}
	if fips {
		e.fips = aws.FIPSEndpointStateEnabled
	}
	dualStack, err := isTrue("AWS_USE_DUALSTACK_ENDPOINT")
	if dualStack {
		e.dualStack = aws.DualStackEndpointStateEnabled
	}
	return e, err
}

// isTrue reports whether a variable is true. It fails if the variable is set, and neither true nor false.
func isTrue(name string) (bool, error) {
	value := os.Getenv(name)
	if value != "" && !strings.EqualFold(value, "true") && !strings.EqualFold(value, "false") {
		return false, fmt.Errorf("%s must be true or false, not %q", name, value)
	}
	return strings.EqualFold(value, "true"), nil
}

// GetUseFIPSEndpoint returns whether clients call the endpoints that comply with FIPS 140.
func (e endpoints) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return e.fips, e.fips != aws.FIPSEndpointStateUnset, nil
}

// GetUseDualStackEndpoint returns whether clients call the endpoints that also have IPv6 addresses.
func (e endpoints) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return e.dualStack, e.dualStack != aws.DualStackEndpointStateUnset, nil
}

// GetServiceBaseEndpoint returns the endpoint that the environment sets for one service, such as AWS_ENDPOINT_URL_CLOUDWATCH_LOGS.
func (endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (string, bool, error) {
	url := os.Getenv("AWS_ENDPOINT_URL_" + strings.ReplaceAll(strings.ToUpper(service), " ", "_"))
	return url, url != "", nil
}
