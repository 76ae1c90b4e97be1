package patient_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/lambda/patient"
	"heroku-drains/lib/local/localtest"
)

func TestLimitAttempts(t *testing.T) {
	for _, test := range []struct {
		name     string
		attempts int           // of the SDK
		wait     time.Duration // of the caller
		want     string        // a part of the error; "" for none
		calls    int
	}{
		{"answered at the second attempt", 3, time.Minute, "", 2},
		{"no attempt left", 1, time.Minute, "no response within 2s", 1},
		{"the caller does not wait so long", 3, time.Second, context.DeadlineExceeded.Error(), 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &localtest.Unanswered{}
				cfg := aws.Config{
					Region: "us-east-1", HTTPClient: client, RetryMaxAttempts: test.attempts,
					Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
				}
				limited := sqs.NewFromConfig(patient.LimitAttempts(cfg, 2*time.Second))
				ctx, cancel := context.WithTimeout(t.Context(), test.wait)
				defer cancel()
				_, err := limited.ListQueues(ctx, &sqs.ListQueuesInput{})
				if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want %q", err, test.want)
				}
				if errors.Is(err, context.DeadlineExceeded) != (test.wait < 2*time.Second) {
					t.Errorf("the error says that the caller's time is up: %v", err)
				}
				if calls := client.Calls("ListQueues"); calls != test.calls {
					t.Errorf("%d calls, want %d", calls, test.calls)
				}
				if len(cfg.APIOptions) > 0 {
					t.Error("the original configuration was changed")
				}
			})
		})
	}
}
