package mappingcall_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/awscall/mappingcall"
)

// chosen is a source of endpoints.
type chosen struct {
	url       string
	fips      aws.FIPSEndpointState
	dualStack aws.DualStackEndpointState
}

func (c chosen) GetServiceBaseEndpoint(context.Context, string) (string, bool, error) {
	return c.url, c.url != "", nil
}

func (c chosen) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return c.fips, c.fips != 0, nil
}

func (c chosen) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return c.dualStack, c.dualStack != 0, nil
}

// The client must call what the SDK's client calls.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	for _, region := range []string{
		"us-east-1", "eu-west-1", "ap-southeast-7", "mx-central-1", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "us-iso-east-1", "us-isob-east-1",
		"eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
	} {
		for name, c := range map[string]chosen{
			"plain": {}, "FIPS": {fips: aws.FIPSEndpointStateEnabled}, "IPv6": {dualStack: aws.DualStackEndpointStateEnabled},
			"both": {fips: aws.FIPSEndpointStateEnabled, dualStack: aws.DualStackEndpointStateEnabled}, "a URL": {url: "http://lambda.test/"},
		} {
			for _, base := range []*string{nil, aws.String("http://aws.test:1234")} {
				if base != nil && (c.fips != 0 || c.dualStack != 0) {
					continue // the SDK does not combine them
				}
				ours, theirs := calledHost(t, region, c, base, false), calledHost(t, region, c, base, true)
				if theirs != "" && ours != theirs { // not every partition has every kind
					t.Errorf("%s, %s: called %s, the SDK calls %s", region, name, ours, theirs)
				}
			}
		}
	}
}

// calledHost returns the scheme and host that a call goes to; empty if it does not leave.
func calledHost(t *testing.T, region string, c chosen, base *string, sdk bool) string {
	t.Helper()
	var called string
	cfg := aws.Config{
		Region: region, BaseEndpoint: base, ConfigSources: []any{c}, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		HTTPClient: doer(func(r *http.Request) (*http.Response, error) {
			called = r.URL.Scheme + "://" + r.URL.Host + r.URL.Path
			return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Header: http.Header{}}, nil
		}),
	}
	var err error
	if sdk {
		_, err = lambda.NewFromConfig(cfg).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{FunctionName: aws.String("f")})
	} else {
		_, err = mappingcall.New(cfg).List(t.Context(), "f", "", "")
	}
	if err == nil {
		t.Error("a status of 404 is not an error")
	}
	return called
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }
