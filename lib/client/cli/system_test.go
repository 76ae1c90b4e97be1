package cli_test

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// syncBuffer is a buffer that several goroutines write and read.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// system is a whole system for one test.
type system struct {
	*local.System
	t *testing.T
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s, err := local.Start(t.Context(), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &system{s, t}
}

// local are the flags that point a verb to the system.
func (s *system) local(args ...string) []string {
	return append([]string{"--local", "--local-api-url", s.AWS.APIURL(), "--local-aws-url", s.AWS.AWSURL()}, args...)
}

// must runs a verb that has to succeed.
func (s *system) must(args ...string) outcome {
	s.t.Helper()
	got := command(s.t, nil, s.local(args...)...)
	if got.code != 0 {
		s.t.Fatalf("%q: exit code %d: %s", args, got.code, got.stderr)
	}
	return got
}

// store puts a line into the stream of shop.
func (s *system) store(at time.Time, message string) {
	s.t.Helper()
	_, err := cloudwatchlogs.NewFromConfig(s.AWS.Config()).PutLogEvents(s.t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String("[APP]shop"),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(at.UnixMilli()), Message: &message}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// cancelOn is a context that ends with the n-th call of an operation.
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
