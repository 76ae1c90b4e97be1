package local_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// sendAndWait creates a drain, sends it lines, and returns the drain when they are stored.
func sendAndWait(t *testing.T, system *local.System, lines int) drain.Drain {
	t.Helper()
	d, created, err := clienttest.API(t, system.AWS).Put(t.Context(), "shop", drain.Patch{})
	if err != nil || !created {
		t.Fatalf("put: created %t, error %v", created, err)
	}
	sendTo(t, d, lines)
	localtest.Eventually(t, "all lines are stored", func() bool {
		return len(localtest.StoredLines(t, system.AWS, "shop")) >= lines
	})
	return d
}

// sendTo sends lines to a drain.
func sendTo(t *testing.T, d drain.Drain, lines int) {
	t.Helper()
	generator := simulate.New("shop", 1)
	sender, err := delivery.NewSender(d.DrainURL, generator.Token())
	localtest.Must(t, err)
	totals, err := simulate.Run(t.Context(), generator, sender, simulate.Plan{Lines: lines}, func(delivery.Result) {})
	if err != nil || totals.LostLines > 0 {
		t.Fatalf("sent %+v, error %v", totals, err)
	}
}

func TestLinesGoThroughTheSystem(t *testing.T) {
	var log localtest.Buffer
	system := localtest.Start(t, local.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	d := sendAndWait(t, system, 200)
	if !strings.Contains(log.String(), "function=heroku-drains-storage") {
		t.Errorf("the functions' log is missing:\n%s", log.String())
	}
	noPassword(t, log.String(), d.DrainURL)
}

func TestLinesGoThroughTheFunctionsBinaries(t *testing.T) {
	if testing.Short() {
		t.Skip("builds all functions")
	}
	var output localtest.Buffer
	system := localtest.Start(t, local.Options{Binaries: localtest.Functions(t), Output: &output})
	d := sendAndWait(t, system, 200)
	if !strings.Contains(output.String(), "drain put") {
		t.Errorf("the drains function's log is missing:\n%s", output.String())
	}
	noPassword(t, output.String(), d.DrainURL)
}

// noPassword checks that a log does not contain a drain URL's password.
func noPassword(t *testing.T, log, drainURL string) {
	t.Helper()
	_, rest, _ := strings.Cut(drainURL, "//shop:")
	password, _, found := strings.Cut(rest, "@")
	if !found || len(password) != 32 {
		t.Fatal("the drain URL has no password of 32 characters")
	}
	if strings.Contains(log, password) {
		t.Error("the log contains the drain's password")
	}
}

func TestResourcesHaveTheStacksSettings(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	groups, err := cloudwatchlogs.NewFromConfig(system.AWS.Config()).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	localtest.Must(t, err)
	retentions := map[string]int32{}
	for _, g := range groups.LogGroups {
		retentions[aws.ToString(g.LogGroupName)] = aws.ToInt32(g.RetentionInDays)
	}
	if diff := cmp.Diff(map[string]int32{
		"/heroku/apps": 7, "/aws/lambda/heroku-drains": 14, "/aws/lambda/heroku-drains-storage": 14, "/aws/lambda/heroku-drains-alerts": 14,
	}, retentions); diff != "" {
		t.Errorf("log groups (-want +got):\n%s", diff)
	}
	queues := sqs.NewFromConfig(system.AWS.Config())
	url, err := queues.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("heroku-drains-dead-letters")})
	localtest.Must(t, err)
	names := []types.QueueAttributeName{"MessageRetentionPeriod", "SqsManagedSseEnabled", "RedriveAllowPolicy"}
	attributes, err := queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: url.QueueUrl, AttributeNames: names})
	localtest.Must(t, err)
	want := map[string]string{
		"MessageRetentionPeriod": "1209600", "SqsManagedSseEnabled": "true", "RedriveAllowPolicy": `{"redrivePermission":"allowAll"}`,
	}
	if diff := cmp.Diff(want, attributes.Attributes); diff != "" {
		t.Errorf("dead-letter queue (-want +got):\n%s", diff)
	}
}

// The CLI finds the system's resources by these outputs.
func TestLocalOutputsNameTheResources(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	outputs := stack.LocalOutputs(system.AWS.APIURL(), system.AWS.AWSURL())
	queues := sqs.NewFromConfig(system.AWS.Config())
	for _, url := range []string{outputs.DeadLetterQueueURL, outputs.AlertsQueueURL} {
		if _, err := queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url}); err != nil {
			t.Errorf("the queue %s: %v", url, err)
		}
	}
	if _, err := sns.NewFromConfig(system.AWS.Config()).GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: &outputs.AlertsTopic}); err != nil {
		t.Errorf("the topic: %v", err)
	}
	secrets := secretsmanager.NewFromConfig(system.AWS.Config())
	if _, err := secrets.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &outputs.SigningKey}); err != nil {
		t.Errorf("the signing key: %v", err)
	}
	functions := lambda.NewFromConfig(system.AWS.Config())
	for _, name := range []string{outputs.DrainsFunction, outputs.StorageFunction, outputs.AlertsFunction} {
		if _, err := functions.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &name, Payload: []byte(`{}`)}); err != nil {
			t.Errorf("the function %s: %v", name, err)
		}
	}
	d := sendAndWait(t, system, 1)
	names := drain.Names{LogGroup: outputs.LogGroup, StreamPrefix: outputs.StreamPrefix, QueuePrefix: outputs.QueuePrefix}
	if d.LogGroup != names.LogGroup || d.LogStream != names.Stream("shop") || d.Queue.Name != names.Queue("shop") {
		t.Errorf("the drain has the log group %s, the stream %s and the queue %s; want those of %+v", d.LogGroup, d.LogStream, d.Queue.Name, names)
	}
}

func TestRoutesCheckTheirCallers(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	for request, want := range map[string]int{
		"GET /drains":         http.StatusForbidden, // unsigned
		"GET /drains/shop":    http.StatusForbidden,
		"PUT /drains/shop":    http.StatusForbidden,
		"DELETE /drains/shop": http.StatusForbidden,
		"POST /drains/shop":   http.StatusUnauthorized, // without a password
		"GET /alerts":         http.StatusForbidden,
		"POST /alerts/test":   http.StatusForbidden,
		"GET /":               http.StatusNotFound,
		"PATCH /drains/shop":  http.StatusNotFound,
	} {
		method, path, _ := strings.Cut(request, " ")
		req, err := http.NewRequestWithContext(t.Context(), method, system.AWS.APIURL()+path, nil)
		localtest.Must(t, err)
		resp, err := http.DefaultClient.Do(req)
		localtest.Must(t, err)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", request, resp.StatusCode, want)
		}
	}
	if drains, err := clienttest.API(t, system.AWS).List(t.Context()); err != nil || len(drains) > 0 {
		t.Errorf("signed: %v, %v", drains, err)
	}
}

func TestCallsHaveTheNameOfTheirFunction(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	var mu sync.Mutex
	callers := map[string]string{}
	t.Cleanup(system.AWS.OnCall(func(c awslocal.Call) {
		mu.Lock()
		defer mu.Unlock()
		callers[c.Operation] = c.AccessKeyID
	}))
	sendAndWait(t, system, 1)
	mu.Lock()
	defer mu.Unlock()
	for operation, want := range map[string]string{"SendMessage": stack.LocalDrainsFunction, "PutLogEvents": stack.LocalStorageFunction} {
		if callers[operation] != want {
			t.Errorf("%s was called by %q, want %s", operation, callers[operation], want)
		}
	}
}

func TestStartWithAnAddressInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	localtest.Must(t, err)
	defer listener.Close()
	address := listener.Addr().String()
	for _, opts := range []local.Options{{APIAddr: address}, {AWSAddr: address}} {
		if _, err := local.Start(t.Context(), opts); !errors.Is(err, syscall.EADDRINUSE) || !strings.Contains(err.Error(), address) {
			t.Errorf("%+v: error %v", opts, err)
		}
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := local.Start(ctx, local.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
