package awsconfig_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/lambda/awsconfig"
)

// unset are the variables of a test that Lambda does not set.
var unset = []string{
	"AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_USE_FIPS_ENDPOINT",
	"AWS_USE_DUALSTACK_ENDPOINT", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_SDK_UA_APP_ID",
}

// environ sets the variables of a function, and others.
func environ(t *testing.T, others map[string]string) {
	t.Helper()
	for _, name := range unset {
		t.Setenv(name, "")
	}
	all := map[string]string{
		"AWS_REGION": "eu-north-1", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_CONFIG_FILE": t.TempDir() + "/none", "AWS_SHARED_CREDENTIALS_FILE": t.TempDir() + "/none", // those of this machine do not count
	}
	maps.Copy(all, others)
	for name, value := range all {
		t.Setenv(name, value)
	}
}

// The variables are those that Lambda sets, and those that choose endpoints, retries and the user agent. Calls must go where, and fail as often
// as, those of a client that the SDK's own package config configures.
func TestFromEnvironment(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		want      string // a part of the calls: host, scope of the signature, token, application, attempts
	}{
		{"Lambda's", nil, "sqs.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token  3"},
		{"China", map[string]string{"AWS_REGION": "cn-north-1"}, "sqs.cn-north-1.amazonaws.com.cn AKIA/cn-north-1/sqs token  3"},
		{"FIPS", map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, "sqs-fips.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token  3"},
		{"no FIPS", map[string]string{"AWS_USE_FIPS_ENDPOINT": "False"}, "sqs.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token  3"},
		{"IPv6", map[string]string{"AWS_USE_DUALSTACK_ENDPOINT": "TRUE"}, "sqs.eu-north-1.api.aws AKIA/eu-north-1/sqs token  3"},
		{"an endpoint", map[string]string{"AWS_ENDPOINT_URL": "http://aws.test"}, "aws.test AKIA/eu-north-1/sqs token  3"},
		{
			"an endpoint of SQS", map[string]string{"AWS_ENDPOINT_URL_SQS": "http://sqs.test", "AWS_ENDPOINT_URL": "http://aws.test"},
			"sqs.test AKIA/eu-north-1/sqs token  3",
		},
		{
			"an endpoint of CloudWatch Logs", map[string]string{"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://logs.test"},
			"logs.test AKIA/eu-north-1/logs token  3",
		},
		{"retries", map[string]string{"AWS_MAX_ATTEMPTS": "2"}, "sqs.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token  2"},
		{"a mode of retries", map[string]string{"AWS_RETRY_MODE": "adaptive"}, "sqs.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token  3 adaptive"},
		{"an application", map[string]string{"AWS_SDK_UA_APP_ID": "drains"}, "sqs.eu-north-1.amazonaws.com AKIA/eu-north-1/sqs token app/drains 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			environ(t, test.variables)
			ours, err := awsconfig.FromEnvironment()
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := config.LoadDefaultConfig(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := called(t.Context(), ours)
			if !strings.Contains(got, test.want) {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
			if want := called(t.Context(), theirs); got != want {
				t.Errorf("got\n%sthe SDK's own configuration:\n%s", got, want)
			}
		})
	}
}

func TestFromEnvironmentRejects(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_REGION": "", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
		"AWS_MAX_ATTEMPTS": "many", "AWS_RETRY_MODE": "often", "AWS_USE_FIPS_ENDPOINT": "yes", "AWS_USE_DUALSTACK_ENDPOINT": "1",
	} {
		t.Run(name, func(t *testing.T) {
			environ(t, map[string]string{name: value})
			if _, err := awsconfig.FromEnvironment(); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got the error %v, want one that names %s", err, name)
			}
		})
	}
}

// called calls SQS and CloudWatch Logs, which fail, and returns a line about each service.
func called(ctx context.Context, cfg aws.Config) string {
	attempts, line := 0, ""
	cfg.HTTPClient = roundTripper(func(r *http.Request) (*http.Response, error) {
		attempts++
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		scope := strings.Split(credential, "/")
		line = strings.Join([]string{
			r.URL.Host, scope[0] + "/" + scope[2] + "/" + scope[3], r.Header.Get("X-Amz-Security-Token"), application.FindString(r.UserAgent()),
		}, " ")
		answer := httptest.NewRecorder()
		answer.WriteHeader(http.StatusBadGateway)
		return answer.Result(), nil
	})
	var calls strings.Builder
	queues := sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, time.Nanosecond) })
	_, err := queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("q")})
	fmt.Fprintf(&calls, "%s %d %s: %t\n", line, attempts, queues.Options().RetryMode, err != nil)
	attempts = 0
	logs := cloudwatchlogs.NewFromConfig(cfg, func(o *cloudwatchlogs.Options) { o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, time.Nanosecond) })
	_, err = logs.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("g")})
	fmt.Fprintf(&calls, "%s %d %s: %t\n", line, attempts, logs.Options().RetryMode, err != nil)
	return calls.String()
}

// application finds the name of the application in a user agent.
var application = regexp.MustCompile(`app/\S+`)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) Do(r *http.Request) (*http.Response, error) { return f(r) }
