package awslocal_test

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestCallerIdentity(t *testing.T) {
	conform(t, []check{{name: "the account", run: func(t *testing.T, b backend) {
		out, err := sts.NewFromConfig(b.config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err != nil {
			t.Fatal(err)
		}
		if *out.Account != b.account || !strings.HasPrefix(*out.Arn, "arn:aws:") || *out.UserId == "" {
			t.Errorf("account %s, ARN %s, user %s", *out.Account, *out.Arn, *out.UserId)
		}
		if b.server != nil && *out.Arn != "arn:aws:iam::000000000000:user/local" {
			t.Errorf("ARN %s does not name the access key", *out.Arn)
		}
	}}})
}

// TestInvalidSignatures sends invalid signatures to every service. Each service has its own error codes for them.
func TestInvalidSignatures(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	calls := map[string]func(aws.Config) error{
		"sqs": func(c aws.Config) error {
			_, err := sqs.NewFromConfig(c).ListQueues(t.Context(), &sqs.ListQueuesInput{})
			return err
		},
		"logs": func(c aws.Config) error {
			_, err := cloudwatchlogs.NewFromConfig(c).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
			return err
		},
		"secretsmanager": func(c aws.Config) error {
			_, err := secretsmanager.NewFromConfig(c).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: aws.String("s")})
			return err
		},
		"lambda": func(c aws.Config) error {
			_, err := lambda.NewFromConfig(c).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
			return err
		},
		"dynamodb": func(c aws.Config) error {
			_, err := dynamodb.NewFromConfig(c).ListTables(t.Context(), &dynamodb.ListTablesInput{})
			return err
		},
		"sns": func(c aws.Config) error {
			_, err := sns.NewFromConfig(c).ListTopics(t.Context(), &sns.ListTopicsInput{})
			return err
		},
		"sts": func(c aws.Config) error {
			_, err := sts.NewFromConfig(c).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			return err
		},
	}
	unknown, wrong, elsewhere := s.Config(), s.Config(), s.Config()
	unknown.Credentials = credentials.NewStaticCredentialsProvider("nobody", "local", "")
	wrong.Credentials = credentials.NewStaticCredentialsProvider("local", "wrong", "")
	elsewhere.Region = "eu-west-1"
	for _, c := range []struct {
		name   string
		config aws.Config
		codes  map[string]string
	}{
		{"unknown key", unknown, map[string]string{
			"sqs": "InvalidClientTokenId", "logs": "UnrecognizedClientException", "secretsmanager": "UnrecognizedClientException",
			"lambda": "UnrecognizedClientException", "dynamodb": "UnrecognizedClientException", "sts": "InvalidClientTokenId", "sns": "InvalidClientTokenId",
		}},
		{"wrong secret", wrong, map[string]string{
			"sqs": "SignatureDoesNotMatch", "logs": "InvalidSignatureException", "secretsmanager": "InvalidSignatureException",
			"lambda": "InvalidSignatureException", "dynamodb": "InvalidSignatureException", "sts": "SignatureDoesNotMatch",
			"sns": "SignatureDoesNotMatch",
		}},
		{"another Region", elsewhere, map[string]string{
			"sqs": "SignatureDoesNotMatch", "logs": "InvalidSignatureException", "secretsmanager": "InvalidSignatureException",
			"lambda": "InvalidSignatureException", "dynamodb": "InvalidSignatureException", "sts": "SignatureDoesNotMatch",
			"sns": "SignatureDoesNotMatch",
		}},
	} {
		for service, code := range c.codes {
			t.Run(c.name+" "+service, func(t *testing.T) { wantCode(t, calls[service](c.config), code) })
		}
	}
}

func TestUnsignedAndUnknownCalls(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	for _, c := range []struct {
		name, method, path, target string
		status                     int
		code                       string
	}{
		{"SQS without a signature", http.MethodPost, "/", "AmazonSQS.ListQueues", http.StatusForbidden, "MissingAuthenticationTokenException"},
		{"an unknown service", http.MethodPost, "/", "Kinesis_20131202.ListStreams", http.StatusNotFound, "UnknownOperationException"},
		{"no service", http.MethodGet, "/", "", http.StatusNotFound, "UnknownOperationException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, s.AWSURL()+c.path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if c.target != "" {
				r.Header.Set("X-Amz-Target", c.target)
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != c.status || res.Header.Get("X-Amzn-Errortype") != c.code || res.Header.Get("X-Amzn-Requestid") == "" {
				t.Errorf("%s %v", res.Status, res.Header)
			}
		})
	}
}

// TestSQSUnknownOperation checks that operations that are not implemented are rejected, not ignored.
func TestSQSUnknownOperation(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	_, err := sqs.NewFromConfig(s.Config()).AddPermission(t.Context(), &sqs.AddPermissionInput{
		QueueUrl: aws.String(s.AWSURL() + "/000000000000/q"), Label: aws.String("l"), Actions: []string{"SendMessage"}, AWSAccountIds: []string{"1"},
	})
	wantCode(t, err, "UnknownOperationException")
}

func TestCallsShowTheAccessKey(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	var mu sync.Mutex
	var calls []awslocal.Call
	stop := s.OnCall(func(c awslocal.Call) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, c)
	})
	list := func(c aws.Config, prefix string) {
		t.Helper()
		if _, err := sqs.NewFromConfig(c).ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: &prefix}); err != nil {
			t.Fatal(err)
		}
	}
	list(s.Config(), "a")
	list(s.ConfigFor("storage-function"), "b")
	stop()
	list(s.Config(), "c")
	mu.Lock()
	defer mu.Unlock()
	want := []awslocal.Call{
		{Service: "sqs", Operation: "ListQueues", AccessKeyID: "local", Path: "/", Input: []byte(`{"QueueNamePrefix":"a"}`)},
		{Service: "sqs", Operation: "ListQueues", AccessKeyID: "storage-function", Path: "/", Input: []byte(`{"QueueNamePrefix":"b"}`)},
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
}

func TestStartNamesTheAddressInUse(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	for _, opts := range []awslocal.Options{
		{AWSAddr: strings.TrimPrefix(s.AWSURL(), "http://")},
		{APIAddr: strings.TrimPrefix(s.AWSURL(), "http://")},
	} {
		other, err := awslocal.Start(opts)
		if err == nil {
			_ = other.Close()
			t.Fatal("started on an address in use")
		}
		if !strings.Contains(err.Error(), strings.TrimPrefix(s.AWSURL(), "http://")) {
			t.Errorf("error %v does not name the address", err)
		}
	}
}

// TestCloseEndsEverything does not run in parallel, because it counts goroutines.
func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	s, err := awslocal.Start(awslocal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := backend{config: s.Config()}
	dead, _ := withDeadLetters(t, b, "q", 1)
	for range 30 { // one per second: the move task takes longer than this test
		dead.send(t, "x")
	}
	empty := newQueue(t, b, "empty")
	if _, err := dead.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{
		SourceArn: aws.String(dead.arn(t)), DestinationArn: aws.String(empty.arn(t)), MaxNumberOfMessagesPerSecond: aws.Int32(1),
	}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return len(empty.receive(t)) > 0 }) // the task has moved a message and waits to move the next

	polling := make(chan struct{})
	s.OnCall(func(c awslocal.Call) { close(polling) })
	ended := make(chan error, 1)
	go func() {
		noRetry := sqs.NewFromConfig(b.config, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
		_, err := noRetry.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: empty.url, WaitTimeSeconds: 20})
		ended <- err
	}()
	<-polling
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("the long poll succeeded although the server was closed")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // the client closes its side of the connections in the background
	defer cancel()
	if err := poll(ctx, func() bool { return runtime.NumGoroutine() <= before }); err != nil {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines, want at most %d as before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
	}
}
