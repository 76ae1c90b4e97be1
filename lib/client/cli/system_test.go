package cli_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// system is a system for one test.
type system struct {
	*local.System
	t *testing.T
}

func newSystem(t *testing.T) *system {
	t.Helper()
	return &system{localtest.Start(t, local.Options{QueryTime: time.Millisecond}), t}
}

// local returns arguments with the flags that select the system.
func (s *system) local(args ...string) []string {
	return append([]string{"--local", "--local-api-url", s.AWS.APIURL(), "--local-aws-url", s.AWS.AWSURL()}, args...)
}

// must runs a verb and ends the test if it fails.
func (s *system) must(args ...string) outcome {
	s.t.Helper()
	got := command(s.t, nil, s.local(args...)...)
	if got.code != 0 {
		s.t.Fatalf("%q: exit code %d: %s", args, got.code, got.stderr)
	}
	return got
}

// store adds a line to the log stream of shop.
func (s *system) store(at time.Time, message string) {
	s.t.Helper()
	s.storeIn("shop", at, message)
}

// storeIn adds a line to the log stream of an app.
func (s *system) storeIn(app string, at time.Time, message string) {
	s.t.Helper()
	_, err := cloudwatchlogs.NewFromConfig(s.AWS.Config()).PutLogEvents(s.t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + app),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(at.UnixMilli()), Message: &message}},
	})
	localtest.Must(s.t, err)
}

// cancelOn returns a context that is canceled by the n-th call of an operation.
func cancelOn(t *testing.T, s *system, operation string, n int32) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int32
	t.Cleanup(s.AWS.OnCall(func(c awslocal.Call) {
		if c.Operation == operation && calls.Add(1) == n {
			cancel()
		}
	}))
	return ctx, cancel
}
