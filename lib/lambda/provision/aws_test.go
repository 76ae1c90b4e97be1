package provision_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/awscall/mappingcall"
	"heroku-drains/lib/awscall/streamcall"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/provision"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

const (
	group   = "/heroku/apps"
	storage = "heroku-drains-storage"

	stackName = "HerokuDrains"
)

// stack has the resources of a deployed stack on its own embedded AWS, and a Manager of its drains.
type stack struct {
	*provision.Manager
	cfg    provision.Config
	server *awslocal.Server
	sqs    *sqs.Client
	logs   *cloudwatchlogs.Client
	lambda *lambda.Client

	mappingCalls *mappingcall.Client
	streamCalls  *streamcall.Client

	mu    sync.Mutex
	calls []string
}

// newStack returns a stack whose mappings stay in transit for that long.
func newStack(t *testing.T, transit time.Duration) *stack {
	t.Helper()
	return newStackOn(t, awslocal.Options{TransitionTime: transit})
}

func newStackOn(t *testing.T, opts awslocal.Options) *stack {
	t.Helper()
	server := localtest.StartAWS(t, opts)
	config := server.Config()
	config.Retryer = func() aws.Retryer { // as often as the SDK does, without its pauses
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.RateLimiter = ratelimit.None
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
	s := &stack{server: server, sqs: sqs.NewFromConfig(config), logs: cloudwatchlogs.NewFromConfig(config), lambda: lambda.NewFromConfig(config)}
	s.mappingCalls, s.streamCalls = mappingcall.New(config), streamcall.New(config)
	s.cfg = provision.Config{
		Stack:             stackName,
		Names:             drain.Names{LogGroup: group, StreamPrefix: "[APP]", QueuePrefix: "APP_"},
		StorageFunction:   storage,
		DeadLetterQueue:   s.createQueue(t, "heroku-drains-dead-letters"),
		MaxReceiveCount:   5,
		VisibilityTimeout: 6 * time.Minute,
		Defaults:          drain.DefaultSettings(),
	}
	_, err := s.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group)})
	localtest.Must(t, err)
	s.addFunction(t, storage)
	s.Manager = s.manager(s.cfg)
	server.OnCall(func(c awslocal.Call) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls = append(s.calls, c.Operation)
	})
	return s
}

func (s *stack) manager(cfg provision.Config) *provision.Manager {
	return provision.NewManager(cfg, s.sqs, s.streamCalls, s.mappingCalls)
}

// called returns the operations called since the last time, sorted.
func (s *stack) called() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	slices.Sort(calls)
	return calls
}

func (s *stack) addFunction(t *testing.T, name string) {
	t.Helper()
	_, err := s.server.AddFunction(awslocal.Function{
		Name: name, Timeout: time.Minute, Handler: func(context.Context, []byte) ([]byte, error) { return []byte(`{"batchItemFailures":[]}`), nil },
	})
	localtest.Must(t, err)
}

func (s *stack) createQueue(t *testing.T, name string) arn.ARN {
	t.Helper()
	_, err := s.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: &name, Attributes: map[string]string{"VisibilityTimeout": "60"}, // at least the functions' timeout
	})
	localtest.Must(t, err)
	a, err := arn.Parse(s.attributes(t, name)["QueueArn"])
	localtest.Must(t, err)
	return a
}

// createOurQueue creates a queue of an app as Put does, and nothing else.
func (s *stack) createOurQueue(t *testing.T, app string) arn.ARN {
	t.Helper()
	queue := s.createQueue(t, "APP_"+app)
	s.tag(t, "APP_"+app, map[string]string{"heroku-drains:app": app, "heroku-drains:stack": stackName})
	return queue
}

func (s *stack) tag(t *testing.T, queue string, tags map[string]string) {
	t.Helper()
	_, err := s.sqs.TagQueue(t.Context(), &sqs.TagQueueInput{QueueUrl: s.queueURL(t, queue), Tags: tags})
	localtest.Must(t, err)
}

func (s *stack) queueURL(t *testing.T, name string) *string {
	t.Helper()
	out, err := s.sqs.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
	localtest.Must(t, err)
	return out.QueueUrl
}

func (s *stack) attributes(t *testing.T, queue string) map[string]string {
	t.Helper()
	out, err := s.sqs.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: s.queueURL(t, queue), AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
	})
	localtest.Must(t, err)
	return out.Attributes
}

func (s *stack) tags(t *testing.T, queue string) map[string]string {
	t.Helper()
	out, err := s.sqs.ListQueueTags(t.Context(), &sqs.ListQueueTagsInput{QueueUrl: s.queueURL(t, queue)})
	localtest.Must(t, err)
	return out.Tags
}

// deleteQueue deletes a queue and lets the time pass for which SQS blocks its name.
func (s *stack) deleteQueue(t *testing.T, name string) {
	t.Helper()
	_, err := s.sqs.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: s.queueURL(t, name)})
	localtest.Must(t, err)
	s.server.Advance(time.Minute)
}

func (s *stack) mapTo(t *testing.T, function string, queue arn.ARN) (uuid string) {
	t.Helper()
	out, err := s.lambda.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		EventSourceArn: aws.String(queue.String()), FunctionName: &function,
	})
	localtest.Must(t, err)
	return *out.UUID
}

func (s *stack) mappings(t *testing.T) []lambdatypes.EventSourceMappingConfiguration {
	t.Helper()
	out, err := s.lambda.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
	localtest.Must(t, err)
	return out.EventSourceMappings
}

func (s *stack) deleteMapping(t *testing.T, uuid string) {
	t.Helper()
	_, err := s.lambda.DeleteEventSourceMapping(t.Context(), &lambda.DeleteEventSourceMappingInput{UUID: &uuid})
	localtest.Must(t, err)
}

func (s *stack) createStream(t *testing.T, name string) {
	t.Helper()
	_, err := s.logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: &name})
	localtest.Must(t, err)
}

func (s *stack) deleteStream(t *testing.T, name string) {
	t.Helper()
	_, err := s.logs.DeleteLogStream(t.Context(), &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: aws.String(group), LogStreamName: &name})
	localtest.Must(t, err)
}

// inventory returns all streams, queues and mappings of drains, by name.
func (s *stack) inventory(t *testing.T) []string {
	t.Helper()
	found := []string{}
	streams, err := s.logs.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(group)})
	localtest.Must(t, err)
	for _, stream := range streams.LogStreams {
		found = append(found, "stream "+*stream.LogStreamName)
	}
	queues, err := s.sqs.ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: aws.String("APP_")})
	localtest.Must(t, err)
	for _, url := range queues.QueueUrls {
		found = append(found, "queue "+url[strings.LastIndexByte(url, '/')+1:])
	}
	for _, m := range s.mappings(t) {
		found = append(found, "mapping "+(*m.EventSourceArn)[strings.LastIndexByte(*m.EventSourceArn, ':')+1:]+" "+*m.State)
	}
	slices.Sort(found)
	return found
}

// patch reads a Patch from JSON.
func patch(t *testing.T, text string) drain.Patch {
	t.Helper()
	s, err := drain.ParsePatch([]byte(text))
	localtest.Must(t, err)
	return s
}

// text returns settings as JSON.
func text(t *testing.T, s drain.Settings) string {
	t.Helper()
	b, err := json.Marshal(s)
	localtest.Must(t, err)
	return string(b)
}

func put(t *testing.T, m *provision.Manager, app, given string) (drain.Drain, bool) {
	t.Helper()
	d, created, err := m.Put(t.Context(), app, patch(t, given))
	localtest.Must(t, err)
	return d, created
}

func get(t *testing.T, m *provision.Manager, app string) drain.Drain {
	t.Helper()
	d, err := m.Get(t.Context(), app)
	localtest.Must(t, err)
	return d
}

// wantError checks that an error is a *drain.Error with this code and returns it.
func wantError(t *testing.T, err error, code string) *drain.Error {
	t.Helper()
	refusal, ok := errors.AsType[*drain.Error](err)
	if !ok || refusal.Code != code {
		t.Fatalf("error = %v, want a *drain.Error with the code %s", err, code)
	}
	return refusal
}
