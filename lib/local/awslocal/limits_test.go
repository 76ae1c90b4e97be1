package awslocal_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestConcurrencyIsTheAccounts checks that functions share the account's limit.
func TestConcurrencyIsTheAccounts(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{Concurrency: 2})
	running, open := make(chan struct{}), make(chan struct{})
	for i := range 3 {
		_, err := s.AddFunction(awslocal.Function{Name: fmt.Sprintf("f%d", i), Handler: func(ctx context.Context, _ []byte) ([]byte, error) {
			running <- struct{}{}
			<-open
			return nil, nil
		}})
		localtest.Must(t, err)
	}
	client := lambda.NewFromConfig(s.Config(), func(o *lambda.Options) { o.Retryer = aws.NopRetryer{} })
	invoke := func(i int) error {
		_, err := client.Invoke(context.WithoutCancel(t.Context()), &lambda.InvokeInput{FunctionName: aws.String(fmt.Sprintf("f%d", i))})
		return err
	}
	ended := make(chan error, 2)
	for i := range 2 {
		go func() { ended <- invoke(i) }()
		<-running
	}
	throttled, ok := errors.AsType[*types.TooManyRequestsException](invoke(2))
	if !ok || throttled.Reason != types.ThrottleReasonConcurrentInvocationLimitExceeded {
		t.Errorf("the third invocation: %v", throttled)
	}
	close(open)
	for range 2 {
		localtest.Must(t, <-ended)
	}
	go func() { <-running }()
	localtest.Must(t, invoke(2))
	settings, err := client.GetAccountSettings(t.Context(), &lambda.GetAccountSettingsInput{})
	if err != nil || settings.AccountLimit.ConcurrentExecutions != 2 {
		t.Errorf("account settings: %+v, %v", settings, err)
	}
}

func TestThrottling(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{Throttle: awslocal.ThrottleAsAWS})
	once := func(cfg aws.Config) aws.Config {
		cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
		return cfg
	}
	describe := func(cfg aws.Config) error {
		_, err := logs.NewFromConfig(once(cfg)).DescribeLogStreams(t.Context(), &logs.DescribeLogStreamsInput{LogGroupName: aws.String("g")})
		return err
	}
	list := func(cfg aws.Config) error {
		_, err := lambda.NewFromConfig(once(cfg)).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
		return err
	}
	allowed := func(call func(aws.Config) error, cfg aws.Config, throttled func(error) bool) int {
		t.Helper()
		for n := range 1000 {
			if throttled(call(cfg)) {
				return n
			}
		}
		return 1000
	}
	byLogs := func(err error) bool {
		_, is := errors.AsType[*logstypes.ThrottlingException](err)
		return is
	}
	byLambda := func(err error) bool {
		e, is := errors.AsType[*types.TooManyRequestsException](err)
		return is && e.Reason == types.ThrottleReasonCallerRateLimitExceeded
	}
	// A slow machine makes some more calls in the time that it takes.
	if n := allowed(describe, s.Config(), byLogs); n < 25 || n == 1000 {
		t.Errorf("%d calls of DescribeLogStreams, want 25", n)
	}
	if n := allowed(list, s.ConfigFor("another"), byLambda); n < 15 || n == 1000 {
		t.Errorf("%d calls of Lambda, want 15", n)
	}
	topics := func(cfg aws.Config) error {
		_, err := sns.NewFromConfig(once(cfg)).ListTopics(t.Context(), &sns.ListTopicsInput{})
		return err
	}
	bySNS := func(err error) bool {
		e, is := errors.AsType[smithy.APIError](err)
		return is && e.ErrorCode() == "ThrottlingException"
	}
	if n := allowed(topics, s.Config(), bySNS); n < 30 || n == 1000 {
		t.Errorf("%d calls of ListTopics, want 30", n)
	}
	if n := allowed(describe, s.ObserverConfig(), byLogs); n < 1000 {
		t.Errorf("an observer was throttled after %d calls", n)
	}
	s.Advance(time.Second)
	if err := list(s.Config()); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

func TestTheLastEventLags(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{Lag: awslocal.Lag{LastEvent: time.Hour}})
	client := logs.NewFromConfig(s.Config())
	group, stream := aws.String("g"), aws.String("s")
	_, err := client.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: group})
	localtest.Must(t, err)
	_, err = client.CreateLogStream(t.Context(), &logs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
	localtest.Must(t, err)
	put := func() int64 {
		t.Helper()
		at := s.Now().UnixMilli()
		_, err := client.PutLogEvents(t.Context(), &logs.PutLogEventsInput{
			LogGroupName: group, LogStreamName: stream, LogEvents: []logstypes.InputLogEvent{{Timestamp: &at, Message: aws.String("x")}},
		})
		localtest.Must(t, err)
		return at
	}
	want := func(at int64) {
		t.Helper()
		out, err := client.DescribeLogStreams(t.Context(), &logs.DescribeLogStreamsInput{LogGroupName: group})
		localtest.Must(t, err)
		if got := aws.ToInt64(out.LogStreams[0].LastEventTimestamp); got != at {
			t.Errorf("the last event is at %d, want %d", got, at)
		}
	}
	first := put()
	want(0)
	s.Advance(40 * time.Minute)
	second := put()
	want(0)
	s.Advance(20 * time.Minute)
	want(first)
	s.Advance(40 * time.Minute)
	want(second)
}

func TestANewMappingIsListedLater(t *testing.T) {
	b := startLagging(t, awslocal.Lag{MappingList: time.Minute})
	m := newMappings(t, b)
	created, err := m.create(t)
	localtest.Must(t, err)
	listed := func() int {
		t.Helper()
		out, err := lambda.NewFromConfig(b.config).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
		localtest.Must(t, err)
		return len(out.EventSourceMappings)
	}
	if n := listed(); n != 0 || *m.get(t, *created.UUID).State != "Enabled" {
		t.Errorf("%d mappings are listed at once", n)
	}
	b.server.Advance(time.Minute)
	if n := listed(); n != 1 {
		t.Errorf("%d mappings are listed after a minute", n)
	}
}
