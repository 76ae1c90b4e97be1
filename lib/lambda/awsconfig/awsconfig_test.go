package awsconfig_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/lambda/awsconfig"
)

// The variables are those that Lambda sets, and those that choose endpoints.
func TestFromEnvironment(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		want      string // a part of the error, or the host and the signature's scope of a call
	}{
		{"Lambda's", nil, "sqs.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token"},
		{"FIPS", map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, "sqs-fips.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token"},
		{"an endpoint", map[string]string{"AWS_ENDPOINT_URL": "http://aws.test"}, "aws.test AKIA/eu-north-1/sqs token"},
		{"an endpoint of SQS", map[string]string{"AWS_ENDPOINT_URL_SQS": "http://sqs.test", "AWS_ENDPOINT_URL": "http://aws.test"},
			"sqs.test AKIA/eu-north-1/sqs token"},
		{"no Region", map[string]string{"AWS_REGION": ""}, "AWS_REGION is not set"},
		{"no key", map[string]string{"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"},
		{"a wrong value", map[string]string{"AWS_MAX_ATTEMPTS": "many"}, "AWS_MAX_ATTEMPTS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, name := range []string{"AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS", "AWS_USE_FIPS_ENDPOINT", "AWS_MAX_ATTEMPTS"} {
				t.Setenv(name, "")
			}
			t.Setenv("AWS_REGION", "eu-north-1")
			t.Setenv("AWS_ACCESS_KEY_ID", "AKIA")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
			t.Setenv("AWS_SESSION_TOKEN", "token")
			for name, value := range test.variables {
				t.Setenv(name, value)
			}
			if got := called(t.Context()); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// called makes a call with the configuration, and returns the host, the scope and the session token, or the error.
func called(ctx context.Context) string {
	cfg, err := awsconfig.FromEnvironment()
	if err != nil {
		return err.Error()
	}
	var got string
	cfg.HTTPClient = roundTripper(func(r *http.Request) (*http.Response, error) {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		scope := strings.Split(credential, "/")
		got = strings.Join([]string{r.URL.Host, scope[0] + "/" + scope[2] + "/" + scope[3], r.Header.Get("X-Amz-Security-Token")}, " ")
		answer := httptest.NewRecorder()
		answer.WriteString("{}")
		return answer.Result(), nil
	})
	if _, err := sqs.NewFromConfig(cfg).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("q")}); err != nil {
		return err.Error()
	}
	return got
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) Do(r *http.Request) (*http.Response, error) { return f(r) }
