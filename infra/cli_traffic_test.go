package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// cliKey is the CLI's access key.
const cliKey = "cli"

// account is an AWS account with the stack, and a Heroku account: a local system, and a proxy in front of it that adds CloudFormation. It
// records what the CLI does there.
type account struct {
	*local.System
	t       *testing.T
	sqs     *sqs.Client
	secret  string            // the ARN of the signing key
	deploys *strings.Replacer // replaces the names and ARNs of the local system by those in docs/deploy.md

	mu     sync.Mutex
	verb   string // the running one
	onCall func(awslocal.Call)
	asked  map[string][]iamtest.Request // by verb
}

// onPage translates calls to requests with the names in docs/deploy.md.
var onPage = iamtest.Translator{
	Region: "eu-west-1", AccountID: "111122223333", APIID: "API_ID",
	QueuePrefix: stack.DefaultQueuePrefix, StreamPrefix: stack.DefaultStreamPrefix, StackTag: drain.TagStack,
}

func newAccount(t *testing.T, class types.LogGroupClass, asked map[string][]iamtest.Request) *account {
	t.Helper()
	a := &account{System: localtest.Start(t, local.Options{LogClass: class}), t: t, asked: asked}
	config := a.AWS.Config()
	a.sqs = sqs.NewFromConfig(config)
	secret, err := secretsmanager.NewFromConfig(config).DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{
		SecretId: aws.String(stack.LocalSigningKey),
	})
	localtest.Must(t, err)
	a.secret = *secret.ARN
	a.deploys = strings.NewReplacer(
		a.secret, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:SigningKeyEEFC2790-EXAMPLE",
		":"+stack.LocalRegion+":"+stack.LocalAccountID+":", ":eu-west-1:111122223333:",
		stack.LocalDeadLetterQueue, "HerokuDrains-DeadLettersBBF8BAAB-EXAMPLE",
		stack.LocalAccountID+"/"+stack.LocalAlertsQueue, stack.LocalAccountID+"/HerokuDrains-AlertsQueue4709902F-EXAMPLE", // in a URL
		url.QueryEscape(stack.LocalOutputs("", "").AlertsTopic), url.QueryEscape(alertsTopic+"3414BE91-EXAMPLE"), // in a form
	)
	a.AWS.OnCall(a.record)

	fake, err := herokufake.Start(herokufake.Options{})
	localtest.Must(t, err)
	t.Cleanup(fake.Close)
	for _, app := range []string{"shop", "blog", "news"} {
		fake.AddApp(herokufake.App{Name: app})
	}
	credentials, err := a.AWS.ConfigFor(cliKey).Credentials.Retrieve(t.Context())
	localtest.Must(t, err)
	for name, value := range map[string]string{
		"HEROKU_API_URL": fake.URL(), "HEROKU_API_KEY": herokufake.DefaultKey,
		"AWS_ENDPOINT_URL": a.front(), "AWS_REGION": stack.LocalRegion, "AWS_PROFILE": "",
		"AWS_ACCESS_KEY_ID": cliKey, "AWS_SECRET_ACCESS_KEY": credentials.SecretAccessKey, "AWS_SESSION_TOKEN": "",
		"AWS_CONFIG_FILE": filepath.Join(t.TempDir(), "none"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(t.TempDir(), "none"),
		"AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	return a
}

// front starts the proxy, and returns its address.
func (a *account) front() string {
	target, err := url.Parse(a.AWS.AWSURL())
	localtest.Must(a.t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
			r.Out.Host = r.In.Host // the signature covers it
		},
		ErrorLog: log.New(io.Discard, "", 0), // interrupted verbs cancel their calls
	}
	outputs := stack.LocalOutputs(a.AWS.APIURL(), a.AWS.AWSURL())
	outputs.SigningKey = a.secret
	var list strings.Builder
	for name, value := range outputs.Map() {
		fmt.Fprintf(&list, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", name, value)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			a.t.Error(err)
		}
		if !bytes.Contains(body, []byte("Action=DescribeStacks")) {
			r.Body = io.NopCloser(bytes.NewReader(body))
			proxy.ServeHTTP(w, r)
			return
		}
		a.record(awslocal.Call{Service: "cloudformation", Operation: "DescribeStacks", AccessKeyID: cliKey, Input: body})
		fmt.Fprintf(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>HerokuDrains</StackName>`+
			`<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>%s</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, &list)
	}))
	a.t.Cleanup(server.Close)
	return server.URL
}

// record adds what AWS would ask IAM about a call of the CLI.
func (a *account) record(call awslocal.Call) {
	if call.AccessKeyID != cliKey {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.onCall != nil {
		a.onCall(call)
	}
	if call.Service == "sts" { // "No permissions are required to perform this operation": GetCallerIdentity
		return
	}
	call.Input = []byte(a.deploys.Replace(string(call.Input)))
	requests, err := onPage.Requests(call)
	if err != nil {
		a.t.Errorf("%s: %v", a.verb, err)
	}
	for _, r := range requests {
		a.asked[a.verb] = append(a.asked[a.verb], generalized(r))
	}
}

// alertsTopic is the beginning of the ARN of the alerts topic on the page.
const alertsTopic = "arn:aws:sns:eu-west-1:111122223333:HerokuDrains-AlertsTopic"

// generalized sets the scope of a request whose resource has a name that a policy cannot know: CloudFormation generates the ends of the names of
// some queues and of the topic, and doctor reads the tags of queues with any prefix.
func generalized(r iamtest.Request) iamtest.Request {
	const queues = "arn:aws:sqs:eu-west-1:111122223333:"
	for _, generated := range []string{queues + "HerokuDrains-DeadLetters", queues + "HerokuDrains-AlertsQueue", alertsTopic} {
		if strings.HasPrefix(r.Resource, generated) {
			r.Scope = generated
			return r
		}
	}
	if r.Action == "sqs:ListQueueTags" {
		r.Scope = queues
	}
	return r
}

// run runs a command line of the CLI for a verb, which must end with one of these exit codes.
func (a *account) run(verb string, args []string, codes ...int) {
	a.t.Helper()
	a.runUntil(verb, args, func(awslocal.Call) bool { return false }, codes...)
}

// runUntil is like run, but interrupts the verb at the first call for which end returns true.
func (a *account) runUntil(verb string, args []string, end func(awslocal.Call) bool, codes ...int) {
	a.t.Helper()
	ctx, cancel := context.WithCancel(a.t.Context())
	defer cancel()
	a.mu.Lock()
	a.verb, a.onCall = verb, func(c awslocal.Call) {
		if end(c) {
			cancel()
		}
	}
	a.mu.Unlock()
	var stdout, stderr localtest.Buffer
	code := cli.Main(ctx, append([]string{"heroku-drains-cli"}, args...), strings.NewReader(""), &stdout, &stderr)
	for _, want := range codes {
		if code == want {
			return
		}
	}
	a.t.Fatalf("%q: exit code %d, want one of %v:\n%s%s", args, code, codes, stdout.String(), stderr.String())
}

// addDeadLetter makes a dead letter of an app without a drain: it creates the app's queue, and receives the message more often than allowed.
func (a *account) addDeadLetter(app string) {
	a.t.Helper()
	ctx := a.t.Context()
	queue, err := a.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: aws.String(stack.DefaultQueuePrefix + app), Attributes: map[string]string{"RedrivePolicy": a.redrivePolicy()},
	})
	localtest.Must(a.t, err)
	body := base64.StdEncoding.EncodeToString(logplex.AppendFrame(nil, []byte("<190>1 2026-11-22T15:00:00+00:00 host app web.1 - hello\n")))
	messages, err := envelope.Seal(envelope.Header{App: app, RequestID: "r", MsgCount: 1, ReceivedAt: time.Now()}, body, true)
	localtest.Must(a.t, err)
	_, err = a.sqs.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: aws.String(messages[0])})
	localtest.Must(a.t, err)
	for range 2 { // the first counts as a failure, the second moves the message
		_, err := a.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
		localtest.Must(a.t, err)
		a.AWS.Advance(31 * time.Second)
	}
}

func (a *account) redrivePolicy() string {
	return fmt.Sprintf(`{"deadLetterTargetArn":"arn:aws:sqs:%s:%s:%s","maxReceiveCount":1}`,
		stack.LocalRegion, stack.LocalAccountID, stack.LocalDeadLetterQueue)
}
