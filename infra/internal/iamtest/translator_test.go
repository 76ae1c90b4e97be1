package iamtest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// translator is for the embedded AWS.
var translator = iamtest.Translator{Region: "us-east-1", AccountID: "000000000000", QueuePrefix: "APP_", StreamPrefix: "[APP]",
	StackTag: "heroku-drains:stack", APIID: "api"}

// cloud is the embedded AWS with the resources of the tests' calls. The caller's access key is "caller".
type cloud struct {
	server  *awslocal.Server
	queues  *sqs.Client
	logs    *cloudwatchlogs.Client
	lambda  *lambda.Client
	secrets *secretsmanager.Client

	queueURL, mappingID, secretARN string
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	config := server.ConfigFor("caller")
	c := &cloud{server: server, queues: sqs.NewFromConfig(config), logs: cloudwatchlogs.NewFromConfig(config),
		lambda: lambda.NewFromConfig(config), secrets: secretsmanager.NewFromConfig(config)}

	created, err := c.queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: aws.String("APP_shop"), Tags: map[string]string{"heroku-drains:stack": "logs"},
	})
	localtest.Must(t, err)
	c.queueURL = *created.QueueUrl
	_, err = c.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/heroku/apps")})
	localtest.Must(t, err)
	_, err = server.AddFunction(awslocal.Function{Name: "heroku-drains-storage", Timeout: time.Second,
		Handler: func(context.Context, []byte) ([]byte, error) { return []byte(`{}`), nil }})
	localtest.Must(t, err)
	mapped, err := c.lambda.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		EventSourceArn: aws.String(queue), FunctionName: aws.String("heroku-drains-storage"),
	})
	localtest.Must(t, err)
	c.mappingID = *mapped.UUID
	secret, err := c.secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{
		Name: aws.String("heroku-drains/signing-key"), SecretString: aws.String("x"),
	})
	localtest.Must(t, err)
	c.secretARN = *secret.ARN
	return c
}

// recorded returns the call that do makes. Its answer does not matter.
func (c *cloud) recorded(t *testing.T, do func(ctx context.Context)) awslocal.Call {
	t.Helper()
	calls := make(chan awslocal.Call, 1)
	stop := c.server.OnCall(func(call awslocal.Call) {
		select {
		case calls <- call:
		default: // a retry
		}
	})
	defer stop()
	do(t.Context())
	select {
	case call := <-calls:
		return call
	default:
		t.Fatal("no call was made")
		panic("unreachable")
	}
}

const (
	account = ":us-east-1:000000000000:"
	queues  = "arn:aws:sqs" + account
	streams = "arn:aws:logs" + account + "log-group:/heroku/apps:log-stream:"
)

// The condition keys for the stack's tag.
const ofQueue, inRequest = "aws:ResourceTag/heroku-drains:stack", "aws:RequestTag/heroku-drains:stack"

// onQueue returns a request of the caller for the queue APP_shop, which a policy must bind to these condition keys.
func onQueue(action string, bound map[string]bool) []iamtest.Request {
	return []iamtest.Request{{
		Caller: "caller", Action: action, Resource: queues + "APP_shop", Scope: queues + "APP_",
		Context: map[string]string{ofQueue: "logs"}, Bound: bound,
	}}
}

// withTags returns requests with the tags that the test gives a queue.
func withTags(requests ...[]iamtest.Request) []iamtest.Request {
	all := slices.Concat(requests...)
	for i := range all {
		all[i].Context[inRequest], all[i].Context["aws:RequestTag/k"] = "logs", "v"
	}
	return all
}

func TestRequestsOfQueues(t *testing.T) {
	c := newCloud(t)
	url, name := &c.queueURL, aws.String("APP_shop")
	tags := map[string]string{"k": "v", "heroku-drains:stack": "logs"}
	ownQueue := map[string]bool{ofQueue: true}
	create := onQueue("sqs:CreateQueue", map[string]bool{inRequest: true})
	tag := onQueue("sqs:TagQueue", map[string]bool{inRequest: true, ofQueue: false})
	receipt := aws.String("receipt")
	for _, test := range []struct {
		name string
		do   func(context.Context)
		want []iamtest.Request
	}{
		{"ListQueues", func(ctx context.Context) { c.queues.ListQueues(ctx, &sqs.ListQueuesInput{}) },
			[]iamtest.Request{{Caller: "caller", Action: "sqs:ListQueues", Resource: "*"}}},
		{"CreateQueue", func(ctx context.Context) { c.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: name}) },
			onQueue("sqs:CreateQueue", nil)},
		{"CreateQueue with tags", func(ctx context.Context) {
			c.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: name, Tags: tags})
		},
			withTags(create, tag)},
		{"GetQueueUrl", func(ctx context.Context) { c.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: name}) },
			onQueue("sqs:GetQueueUrl", nil)},
		{"GetQueueAttributes", func(ctx context.Context) {
			c.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: url})
		},
			onQueue("sqs:GetQueueAttributes", nil)},
		{"SetQueueAttributes", func(ctx context.Context) {
			c.queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"DelaySeconds": "0"}})
		}, onQueue("sqs:SetQueueAttributes", ownQueue)},
		{"TagQueue", func(ctx context.Context) { c.queues.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: url, Tags: tags}) },
			withTags(onQueue("sqs:TagQueue", map[string]bool{inRequest: true, ofQueue: false}))},
		{"UntagQueue", func(ctx context.Context) {
			c.queues.UntagQueue(ctx, &sqs.UntagQueueInput{QueueUrl: url, TagKeys: []string{"k"}})
		},
			func() []iamtest.Request { // TagQueue has added k
				untag := onQueue("sqs:UntagQueue", nil)
				untag[0].Context["aws:ResourceTag/k"] = "v"
				return untag
			}()},
		{"ListQueueTags", func(ctx context.Context) { c.queues.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: url}) },
			onQueue("sqs:ListQueueTags", nil)},
		{"SendMessage", func(ctx context.Context) {
			c.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("{}")})
		}, onQueue("sqs:SendMessage", nil)},
		{"SendMessageBatch", func(ctx context.Context) {
			entry := sqstypes.SendMessageBatchRequestEntry{Id: aws.String("1"), MessageBody: aws.String("{}")}
			c.queues.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: []sqstypes.SendMessageBatchRequestEntry{entry}})
		}, onQueue("sqs:SendMessage", nil)},
		{"ReceiveMessage", func(ctx context.Context) { c.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url}) },
			onQueue("sqs:ReceiveMessage", nil)},
		{"DeleteMessage", func(ctx context.Context) {
			c.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: receipt})
		}, onQueue("sqs:DeleteMessage", nil)},
		{"ChangeMessageVisibility", func(ctx context.Context) {
			c.queues.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: receipt})
		}, onQueue("sqs:ChangeMessageVisibility", nil)},
		{"PurgeQueue", func(ctx context.Context) { c.queues.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: url}) },
			onQueue("sqs:PurgeQueue", nil)},
		{"a queue of another prefix", func(ctx context.Context) {
			c.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("dead-letters")})
		}, []iamtest.Request{{Caller: "caller", Action: "sqs:GetQueueUrl", Resource: queues + "dead-letters", Scope: queues + "dead-letters"}}},
		{"DeleteQueue", func(ctx context.Context) { c.queues.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: url}) },
			onQueue("sqs:DeleteQueue", ownQueue)},
	} {
		t.Run(test.name, func(t *testing.T) { wantRequests(t, c.recorded(t, test.do), test.want) })
	}
}

func TestRequestsOfLogs(t *testing.T) {
	c := newCloud(t)
	group, stream := aws.String("/heroku/apps"), aws.String("[APP]shop")
	onStream := func(action string) []iamtest.Request {
		return []iamtest.Request{{Caller: "caller", Action: action, Resource: streams + "[APP]shop", Scope: streams + "[APP]"}}
	}
	onGroup := func(action string) []iamtest.Request {
		scope := "arn:aws:logs" + account + "log-group:/heroku/apps:"
		return []iamtest.Request{{Caller: "caller", Action: action, Resource: scope + "log-stream:", Scope: scope}}
	}
	for _, test := range []struct {
		name string
		do   func(context.Context)
		want []iamtest.Request
	}{
		{"CreateLogStream", func(ctx context.Context) {
			c.logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
		}, onStream("logs:CreateLogStream")},
		{"DescribeLogStreams", func(ctx context.Context) {
			c.logs.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group, LogStreamNamePrefix: stream})
		}, onGroup("logs:DescribeLogStreams")},
		{"PutLogEvents", func(ctx context.Context) {
			event := logstypes.InputLogEvent{Message: aws.String("m"), Timestamp: aws.Int64(time.Now().UnixMilli())}
			c.logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
				LogGroupName: group, LogStreamName: stream, LogEvents: []logstypes.InputLogEvent{event},
			})
		}, onStream("logs:PutLogEvents")},
		{"GetLogEvents", func(ctx context.Context) {
			c.logs.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: stream})
		}, onStream("logs:GetLogEvents")},
		{"FilterLogEvents", func(ctx context.Context) {
			c.logs.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group})
		}, onGroup("logs:FilterLogEvents")},
		{"StartQuery", func(ctx context.Context) {
			c.logs.StartQuery(ctx, &cloudwatchlogs.StartQueryInput{
				LogGroupName: group, StartTime: aws.Int64(0), EndTime: aws.Int64(time.Now().Unix()), QueryString: aws.String("limit 1"),
			})
		}, onGroup("logs:StartQuery")},
		{"StartQuery on several log groups", func(ctx context.Context) {
			c.logs.StartQuery(ctx, &cloudwatchlogs.StartQueryInput{
				LogGroupNames: []string{*group, *group}, StartTime: aws.Int64(0), EndTime: aws.Int64(time.Now().Unix()), QueryString: aws.String("limit 1"),
			})
		}, slices.Concat(onGroup("logs:StartQuery"), onGroup("logs:StartQuery"))},
		{"GetQueryResults", func(ctx context.Context) {
			c.logs.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{QueryId: aws.String("id")})
		}, []iamtest.Request{{Caller: "caller", Action: "logs:GetQueryResults", Resource: "*"}}},
		{"StopQuery", func(ctx context.Context) {
			c.logs.StopQuery(ctx, &cloudwatchlogs.StopQueryInput{QueryId: aws.String("id")})
		}, []iamtest.Request{{Caller: "caller", Action: "logs:StopQuery", Resource: "*"}}},
		{"a stream of another prefix", func(ctx context.Context) {
			c.logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: aws.String("other")})
		}, []iamtest.Request{{Caller: "caller", Action: "logs:CreateLogStream", Resource: streams + "other", Scope: streams + "other"}}},
		{"DeleteLogStream", func(ctx context.Context) {
			c.logs.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: group, LogStreamName: stream})
		}, onStream("logs:DeleteLogStream")},
	} {
		t.Run(test.name, func(t *testing.T) { wantRequests(t, c.recorded(t, test.do), test.want) })
	}
}

func TestRequestsOfMappings(t *testing.T) {
	c := newCloud(t)
	const mappings = "arn:aws:lambda" + account + "event-source-mapping:"
	storage := map[string]string{"lambda:FunctionArn": function}
	create := iamtest.Request{Caller: "caller", Action: "lambda:CreateEventSourceMapping", Resource: "*", Context: storage, Bound: map[string]bool{"lambda:FunctionArn": true}}
	tag := iamtest.Request{Caller: "caller", Action: "lambda:TagResource", Resource: mappings + "*", Scope: mappings}
	polling := slices.Concat(onQueue("sqs:DeleteMessage", nil), onQueue("sqs:GetQueueAttributes", nil), onQueue("sqs:ReceiveMessage", nil))
	for i := range polling {
		polling[i].Caller, polling[i].Context = "heroku-drains-storage", nil
	}
	onMapping := func(action string) []iamtest.Request {
		return []iamtest.Request{{Caller: "caller", Action: action, Resource: mappings + c.mappingID, Scope: mappings, Context: storage, Bound: map[string]bool{"lambda:FunctionArn": true}}}
	}
	for _, test := range []struct {
		name string
		do   func(context.Context)
		want []iamtest.Request
	}{
		{"CreateEventSourceMapping by name", func(ctx context.Context) {
			c.lambda.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
				EventSourceArn: aws.String(queue), FunctionName: aws.String("heroku-drains-storage"),
			})
		}, append([]iamtest.Request{create}, polling...)},
		{"CreateEventSourceMapping by ARN, with tags", func(ctx context.Context) {
			c.lambda.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
				EventSourceArn: aws.String(queue), FunctionName: aws.String(function), Tags: map[string]string{"k": "v"},
			})
		}, append([]iamtest.Request{create, tag}, polling...)},
		{"ListEventSourceMappings", func(ctx context.Context) {
			c.lambda.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{FunctionName: aws.String("heroku-drains-storage")})
		}, []iamtest.Request{{Caller: "caller", Action: "lambda:ListEventSourceMappings", Resource: "*"}}},
		{"GetEventSourceMapping", func(ctx context.Context) {
			c.lambda.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: &c.mappingID})
		}, onMapping("lambda:GetEventSourceMapping")},
		{"UpdateEventSourceMapping", func(ctx context.Context) {
			c.lambda.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{UUID: &c.mappingID, BatchSize: aws.Int32(5)})
		}, onMapping("lambda:UpdateEventSourceMapping")},
		{"DeleteEventSourceMapping", func(ctx context.Context) {
			c.lambda.DeleteEventSourceMapping(ctx, &lambda.DeleteEventSourceMappingInput{UUID: &c.mappingID})
		}, onMapping("lambda:DeleteEventSourceMapping")},
		{"a mapping that does not exist has no function", func(ctx context.Context) {
			c.lambda.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: aws.String("gone")})
		}, []iamtest.Request{{Caller: "caller", Action: "lambda:GetEventSourceMapping", Resource: mappings + "gone", Scope: mappings}}},
	} {
		t.Run(test.name, func(t *testing.T) { wantRequests(t, c.recorded(t, test.do), test.want) })
	}
}

func TestRequestsOfSecrets(t *testing.T) {
	c := newCloud(t)
	call := c.recorded(t, func(ctx context.Context) {
		c.secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &c.secretARN})
	})
	want := iamtest.Request{Caller: "caller", Action: "secretsmanager:GetSecretValue", Resource: c.secretARN, Scope: c.secretARN}
	wantRequests(t, call, []iamtest.Request{want})
}

func TestRequestsOfTheCLI(t *testing.T) {
	const api, stack = "arn:aws:execute-api" + account + "api/$default/", "arn:aws:cloudformation" + account + "stack/HerokuDrains/"
	const secret, dead = "arn:aws:secretsmanager" + account + "secret:key-AbCdEX", queues + "dead"
	const topic = "arn:aws:sns" + account + "alerts"
	moving := func(actions ...string) []iamtest.Request {
		var all []iamtest.Request
		for _, action := range actions {
			all = append(all, iamtest.Request{Caller: "caller", Action: action, Resource: dead, Scope: dead})
		}
		return all
	}
	for _, test := range []struct {
		call awslocal.Call
		want []iamtest.Request
	}{
		{awslocal.Call{Service: "execute-api", Operation: "GET", Path: "/drains"},
			[]iamtest.Request{{Action: "execute-api:Invoke", Resource: api + "GET/drains", Scope: api + "GET/drains", Open: "/$default/"}}},
		{awslocal.Call{Service: "execute-api", Operation: "PUT", Path: "/drains/shop"},
			[]iamtest.Request{{Action: "execute-api:Invoke", Resource: api + "PUT/drains/shop", Scope: api + "PUT/drains/", Open: "/$default/"}}},
		{awslocal.Call{Service: "execute-api", Operation: "POST", Path: "/alerts/test"},
			[]iamtest.Request{{Action: "execute-api:Invoke", Resource: api + "POST/alerts/test", Scope: api + "POST/alerts/test", Open: "/$default/"}}},
		{awslocal.Call{Service: "execute-api", Operation: "GET", Path: "/alerts/shop/dropped"},
			[]iamtest.Request{{Action: "execute-api:Invoke", Resource: api + "GET/alerts/shop/dropped", Scope: api + "GET/alerts/", End: "/dropped",
				Open: "/$default/"}}},
		{awslocal.Call{Service: "execute-api", Operation: "PUT", Path: "/alerts/shop/H12/mute"},
			[]iamtest.Request{{Action: "execute-api:Invoke", Resource: api + "PUT/alerts/shop/H12/mute", Scope: api + "PUT/alerts/", End: "/mute",
				Open: "/$default/"}}},
		{awslocal.Call{Service: "sns", Operation: "ListSubscriptionsByTopic", Input: []byte("Action=ListSubscriptionsByTopic&TopicArn=" + topic)},
			[]iamtest.Request{{Action: "sns:ListSubscriptionsByTopic", Resource: topic, Scope: topic}}},
		{awslocal.Call{Service: "cloudformation", Operation: "DescribeStacks", Input: []byte("Action=DescribeStacks&StackName=HerokuDrains")},
			[]iamtest.Request{{Action: "cloudformation:DescribeStacks", Resource: stack + "*", Scope: stack}}},
		{awslocal.Call{Service: "lambda", Operation: "GetAccountSettings"},
			[]iamtest.Request{{Action: "lambda:GetAccountSettings", Resource: "*"}}},
		{awslocal.Call{Service: "secretsmanager", Operation: "DescribeSecret", Input: []byte(`{"SecretId":"` + secret + `"}`)},
			[]iamtest.Request{{Action: "secretsmanager:DescribeSecret", Resource: secret, Scope: secret}}},
		{awslocal.Call{Service: "secretsmanager", Operation: "PutSecretValue", Input: []byte(`{"SecretId":"` + secret + `"}`)},
			[]iamtest.Request{{Action: "secretsmanager:PutSecretValue", Resource: secret, Scope: secret}}},
		{awslocal.Call{Service: "sqs", Operation: "ListMessageMoveTasks", Input: []byte(`{"SourceArn":"` + dead + `"}`)},
			moving("sqs:ListMessageMoveTasks", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")},
		{awslocal.Call{Service: "sqs", Operation: "StartMessageMoveTask", Input: []byte(`{"SourceArn":"` + dead + `"}`)},
			append(moving("sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
				iamtest.Request{Action: "sqs:SendMessage", Resource: queues + "APP_*", Scope: queues + "APP_"})},
	} {
		test.call.AccessKeyID = "caller"
		for i := range test.want {
			test.want[i].Caller = "caller"
		}
		wantRequests(t, test.call, test.want)
	}
}

// A policy may leave the open part of a scope to a wildcard, but nothing around it.
func TestNearMissesKeepTheOpenPart(t *testing.T) {
	r := iamtest.Request{Action: "a:B", Resource: "api/$default/GET/drains/shop", Scope: "api/$default/GET/drains/", Open: "/$default/"}
	for _, miss := range r.NearMisses() {
		if !strings.Contains(miss.Resource, "/$default/") || !strings.HasSuffix(miss.Resource, "shop") {
			t.Errorf("near miss %s", miss)
		}
	}
	if loose := parse(t, `[{"Effect":"Allow","Action":"a:B","Resource":"api/*/GET/drains/*"}]`).Loose([]iamtest.Request{r}); len(loose) > 0 {
		t.Errorf("loose: %v", loose)
	}
	for _, wide := range []string{"ap*/GET/drains/*", "api/*/drains/*", "api/*/GET/*", "api/*/GET/drains*"} {
		if len(parse(t, `[{"Effect":"Allow","Action":"a:B","Resource":"`+wide+`"}]`).Loose([]iamtest.Request{r})) == 0 {
			t.Errorf("%s is not loose", wide)
		}
	}
}

// A policy may have any name before the end of a resource, but must have that end.
func TestNearMissesChangeTheEnd(t *testing.T) {
	r := []iamtest.Request{{Action: "a:B", Resource: "api/alerts/shop/H12/mute", Scope: "api/alerts/", End: "/mute"}}
	for resource, loose := range map[string]bool{
		"api/alerts/*/*/mute": false, "api/alerts/*/mute": false,
		"api/alerts/*": true, "api/alerts/*/*/mute*": true, "api/alerts/*mute": true, "api/alerts/*/*/*": true, "api/*/*/mute": true,
	} {
		policy := parse(t, `[{"Effect":"Allow","Action":"a:B","Resource":"`+resource+`"}]`)
		if len(policy.Denied(r)) > 0 || len(policy.Loose(r)) > 0 != loose {
			t.Errorf("%s denies %v, and is loose for %v", resource, policy.Denied(r), policy.Loose(r))
		}
	}
}

func TestRequestsOfAFunctionsLog(t *testing.T) {
	got := translator.Logging("heroku-drains")
	for i := range got {
		got[i].Resource, _, _ = strings.Cut(got[i].Resource, "2026") // the stream's name may be any
	}
	const scope = "arn:aws:logs" + account + "log-group:/aws/lambda/heroku-drains:"
	want := []iamtest.Request{
		{Caller: "heroku-drains", Action: "logs:CreateLogStream", Resource: scope + "log-stream:", Scope: scope},
		{Caller: "heroku-drains", Action: "logs:PutLogEvents", Resource: scope + "log-stream:", Scope: scope},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// A call that is not supported must not count as allowed, or as one that needs nothing.
func TestRequestsRejects(t *testing.T) {
	for _, call := range []awslocal.Call{
		{Service: "sts", Operation: "GetCallerIdentity"},
		{Service: "sqs", Operation: "AddPermission", Input: []byte(`{"QueueUrl":"https://q/000000000000/APP_shop"}`)},
		{Service: "sqs", Operation: "", Input: []byte(`{}`)},
		{Service: "sqs", Operation: "SendMessage", Input: []byte(`{}`)},
		{Service: "sqs", Operation: "SendMessage", Input: []byte(`QueueUrl=x`)},
		{Service: "logs", Operation: "CreateLogGroup", Input: []byte(`{"logGroupName":"g"}`)},
		{Service: "logs", Operation: "PutLogEvents", Input: []byte(`{"logGroupName":"g"}`)},
		{Service: "logs", Operation: "DescribeLogStreams", Input: []byte(`{"logGroupIdentifier":"g"}`)},
		{Service: "lambda", Operation: "Invoke", Path: "/2015-03-31/functions/f/invocations"},
		{Service: "lambda", Operation: "CreateEventSourceMapping",
			Input: []byte(`{"EventSourceArn":"` + queue + `","FunctionName":"arn:aws:lambda:eu-west-1:000000000000:function:f"}`)},
		{Service: "lambda", Operation: "CreateEventSourceMapping",
			Input: []byte(`{"EventSourceArn":"arn:aws:kinesis:us-east-1:000000000000:stream/s","FunctionName":"f"}`)},
		{Service: "lambda", Operation: "UpdateEventSourceMapping", Path: "/2015-03-31/event-source-mappings/id",
			Input: []byte(`{"FunctionName":"other"}`)},
		{Service: "cloudformation", Operation: "DescribeStacks", Input: []byte("Action=DescribeStacks")},
		{Service: "cloudformation", Operation: "DeleteStack", Input: []byte("StackName=HerokuDrains")},
		{Service: "execute-api", Path: "/drains"},
		{Service: "execute-api", Operation: "GET"},
		{Service: "execute-api", Operation: "GET", Path: "/alerts/"},
		{Service: "execute-api", Operation: "GET", Path: "/drains/shop/more"},
		{Service: "dynamodb", Operation: "DeleteTable", Input: []byte(`{"TableName":"alerts"}`)},
		{Service: "dynamodb", Operation: "PutItem", Input: []byte(`{}`)},
		{Service: "dynamodb", Operation: "Query", Input: []byte(`{"TableName":"alerts","IndexName":"i"}`)},
		{Service: "dynamodb", Operation: "PutItem", Input: []byte(`{"TableName":"arn:aws:dynamodb:eu-west-1:000000000000:table/alerts"}`)},
		{Service: "sns", Operation: "DeleteTopic", Input: []byte("TopicArn=" + "arn:aws:sns" + account + "alerts")},
		{Service: "sns", Operation: "Publish", Input: []byte("TargetArn=" + "arn:aws:sns" + account + "alerts")},
		{Service: "sqs", Operation: "StartMessageMoveTask", Input: []byte(`{}`)},
		{Service: "sqs", Operation: "StartMessageMoveTask", Input: []byte(`{"SourceArn":"` + queue + `","DestinationArn":"` + queue + `"}`)},
		{Service: "secretsmanager", Operation: "DeleteSecret", Input: []byte(`{"SecretId":"arn:x"}`)},
		{Service: "secretsmanager", Operation: "GetSecretValue", Input: []byte(`{"SecretId":"heroku-drains/signing-key"}`)},
	} {
		if got, err := translator.Requests(call); err == nil {
			t.Errorf("%s %s of %s: %v, want an error", call.Service, call.Operation, call.Input, got)
		}
	}
}

func wantRequests(t *testing.T, call awslocal.Call, want []iamtest.Request) {
	t.Helper()
	got, err := translator.Requests(call)
	localtest.Must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", call.Operation, diff)
	}
}
