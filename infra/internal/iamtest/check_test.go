package iamtest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// tight allows what the requests below need, and nothing else.
const tight = `[
	{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*"},
	{"Effect":"Allow","Action":"sqs:CreateQueue","Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*",
		"Condition":{"StringEquals":{"aws:RequestTag/heroku-drains:stack":"logs"}}},
	{"Effect":"Allow","Action":"sqs:TagQueue","Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*",
		"Condition":{"StringEquals":{"aws:RequestTag/heroku-drains:stack":"logs"},"StringEqualsIfExists":{"aws:ResourceTag/heroku-drains:stack":"logs"}}},
	{"Effect":"Allow","Action":["sqs:DeleteQueue","sqs:SetQueueAttributes"],"Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*",
		"Condition":{"StringEquals":{"aws:ResourceTag/heroku-drains:stack":"logs"}}},
	{"Effect":"Allow","Action":["logs:CreateLogStream","logs:DeleteLogStream"],
		"Resource":"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:log-stream:[APP]*"},
	{"Effect":"Allow","Action":"logs:DescribeLogStreams","Resource":"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:*"},
	{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],
		"Resource":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/heroku-drains:*"},
	{"Effect":"Allow","Action":"lambda:CreateEventSourceMapping","Resource":"*",
		"Condition":{"ArnEquals":{"lambda:FunctionArn":{"Fn::GetAtt":["Storage07F31EBC","Arn"]}}}},
	{"Effect":"Allow","Action":["lambda:DeleteEventSourceMapping","lambda:UpdateEventSourceMapping"],
		"Resource":"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:*",
		"Condition":{"ArnEquals":{"lambda:FunctionArn":{"Fn::GetAtt":["Storage07F31EBC","Arn"]}}}},
	{"Effect":"Allow","Action":"lambda:TagResource","Resource":"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:*"},
	{"Effect":"Allow","Action":["lambda:ListEventSourceMappings","sqs:ListQueues"],"Resource":"*"},
	{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:us-east-1:000000000000:secret:xkey-AbCdEX"}
]`

// requests returns the requests that the tight policy is for.
func requests(t *testing.T) []iamtest.Request {
	t.Helper()
	const (
		mappingPath = "/2015-03-31/event-source-mappings/1"
		shop        = `{"QueueUrl":"http://127.0.0.1/000000000000/APP_shop"}`
		tagShop     = `{"QueueUrl":"http://127.0.0.1/000000000000/APP_shop","Tags":{"heroku-drains:stack":"logs"}}`
	)
	ours := map[string]string{"heroku-drains:stack": "logs"}
	all := translator.Logging("heroku-drains")
	for _, call := range []awslocal.Call{
		{Service: "sqs", Operation: "ListQueues", Input: []byte(`{}`)},
		{Service: "sqs", Operation: "CreateQueue", Input: []byte(`{"QueueName":"APP_shop","tags":{"k":"v","heroku-drains:stack":"logs"}}`)},
		{Service: "sqs", Operation: "TagQueue", Input: []byte(tagShop)}, // it has none yet
		{Service: "sqs", Operation: "TagQueue", Input: []byte(tagShop), QueueTags: ours},
		{Service: "sqs", Operation: "SetQueueAttributes", Input: []byte(shop), QueueTags: ours},
		{Service: "sqs", Operation: "DeleteQueue", Input: []byte(shop), QueueTags: ours},
		{Service: "sqs", Operation: "SendMessage", Input: []byte(`{"QueueUrl":"http://127.0.0.1/000000000000/APP_shop"}`)},
		{Service: "sqs", Operation: "SendMessage", Input: []byte(`{"QueueUrl":"http://127.0.0.1/000000000000/APP_blog"}`)},
		{Service: "logs", Operation: "CreateLogStream", Input: []byte(`{"logGroupName":"/heroku/apps","logStreamName":"[APP]shop"}`)},
		{Service: "logs", Operation: "DeleteLogStream", Input: []byte(`{"logGroupName":"/heroku/apps","logStreamName":"[APP]shop"}`)},
		{Service: "logs", Operation: "DescribeLogStreams", Input: []byte(`{"logGroupName":"/heroku/apps"}`)},
		{Service: "lambda", Operation: "ListEventSourceMappings"},
		{Service: "lambda", Operation: "CreateEventSourceMapping",
			Input: []byte(`{"EventSourceArn":"` + queue + `","FunctionName":"heroku-drains-storage","Tags":{"k":"v"}}`)},
		{Service: "lambda", Operation: "UpdateEventSourceMapping", Path: mappingPath, MappedFunction: function, Input: []byte(`{}`)},
		{Service: "lambda", Operation: "DeleteEventSourceMapping", Path: mappingPath, MappedFunction: function},
		{Service: "secretsmanager", Operation: "GetSecretValue",
			Input: []byte(`{"SecretId":"arn:aws:secretsmanager:us-east-1:000000000000:secret:xkey-AbCdEX"}`)},
	} {
		call.AccessKeyID = "heroku-drains"
		asked, err := translator.Requests(call)
		localtest.Must(t, err)
		all = append(all, asked...)
	}
	return slices.DeleteFunc(all, func(r iamtest.Request) bool { return r.Caller != "heroku-drains" })
}

func TestATightPolicyPasses(t *testing.T) {
	policy, asked := parse(t, tight), requests(t)
	if denied := policy.Denied(asked); len(denied) > 0 {
		t.Errorf("denied: %v", denied)
	}
	if unused := policy.Unused(asked); len(unused) > 0 {
		t.Errorf("unused: %v", unused)
	}
	if loose := policy.Loose(asked); len(loose) > 0 {
		t.Errorf("loose: %v", loose)
	}
	if diff := cmp.Diff(requests(t), asked); diff != "" {
		t.Errorf("the requests were changed (-before +after):\n%s", diff)
	}
}

func TestEachMutantIsDetected(t *testing.T) {
	policy, asked := parse(t, tight), requests(t)
	mutants := policy.Mutants()
	if len(mutants) < 40 {
		t.Errorf("only %d mutants", len(mutants))
	}
	for _, m := range mutants {
		if cmp.Equal(policy, m.Policy) {
			t.Errorf("%s: the policy is unchanged", m.Mistake)
		}
		if len(m.Policy.Denied(asked)) == 0 && len(m.Policy.Loose(asked)) == 0 {
			t.Errorf("%s: nothing is denied, and nothing is loose", m.Mistake)
		}
	}
	if !cmp.Equal(policy, parse(t, tight)) {
		t.Error("the policy was changed")
	}
}

func TestMutants(t *testing.T) {
	policy := parse(t, `[
		{"Effect":"Allow","Action":"sqs:SendMessage","Resource":["arn:aws:sqs:us-east-1:000000000000:APP_*","arn:aws:sqs:*:000000000000:other"]},
		{"Effect":"Allow","Action":"lambda:CreateEventSourceMapping","Resource":"*","Condition":{"StringLike":{"lambda:FunctionArn":"f"}}}
	]`)
	var mistakes []string
	for _, m := range policy.Mutants() {
		mistakes = append(mistakes, m.Mistake)
	}
	want := []string{
		"statement 0 is missing",
		"statement 0 has sqs:* instead of sqs:SendMessage",
		"statement 0 has * instead of arn:aws:sqs:us-east-1:000000000000:APP_*",
		"statement 0 has arn:aws:sqs:*:000000000000:APP_* instead of arn:aws:sqs:us-east-1:000000000000:APP_*",
		"statement 0 has arn:aws:sqs:us-east-1:*:APP_* instead of arn:aws:sqs:us-east-1:000000000000:APP_*",
		"statement 0 has arn:aws:sqs:us-east-1:000000000000:APP* instead of arn:aws:sqs:us-east-1:000000000000:APP_*",
		"statement 0 has * instead of arn:aws:sqs:*:000000000000:other",
		"statement 0 has arn:aws:sqs:*:*:other instead of arn:aws:sqs:*:000000000000:other",
		"statement 0 has arn:aws:sqs:*:000000000000:other* instead of arn:aws:sqs:*:000000000000:other",
		"statement 1 is missing",
		"statement 1 has lambda:* instead of lambda:CreateEventSourceMapping",
		"statement 1 has anything instead of lambda:FunctionArn",
	}
	if diff := cmp.Diff(want, mistakes); diff != "" {
		t.Errorf("mutants (-want +got):\n%s", diff)
	}
}

func TestUnused(t *testing.T) {
	const appQueues, blog, other = queues + "APP_*", queues + "APP_blog", queues + "dead-letters"
	for _, test := range []struct {
		name, statements string
		want             []iamtest.Grant
	}{
		{"an action", `{"Effect":"Allow","Action":["sqs:SendMessage","sqs:PurgeQueue"],"Resource":"` + appQueues + `"}`,
			[]iamtest.Grant{{Statement: 0, Action: "sqs:PurgeQueue", Resource: appQueues}}},
		{"a resource", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":["` + appQueues + `","` + other + `"]}`,
			[]iamtest.Grant{{Statement: 0, Action: "sqs:SendMessage", Resource: other}}},
		{"a statement that an earlier one includes", `[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + appQueues + `"},
			{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + blog + `"}]`,
			[]iamtest.Grant{{Statement: 1, Action: "sqs:SendMessage", Resource: blog}}},
		{"a statement that a later one includes", `[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + blog + `"},
			{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + appQueues + `"}]`,
			[]iamtest.Grant{{Statement: 0, Action: "sqs:SendMessage", Resource: blog}}},
		{"a statement whose condition never holds", `[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + appQueues + `"},
			{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*","Condition":{"Bool":{"k":"true"}}}]`,
			[]iamtest.Grant{{Statement: 1, Action: "sqs:SendMessage", Resource: "*"}}},
		{"nothing", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + appQueues + `"}`, nil},
		{"a Deny is not a grant", `[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + appQueues + `"},
			{"Effect":"Deny","Action":"sqs:PurgeQueue","Resource":"*"}]`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked := slices.DeleteFunc(requests(t), func(r iamtest.Request) bool { return r.Action != "sqs:SendMessage" })
			if diff := cmp.Diff(test.want, parse(t, test.statements).Unused(asked)); diff != "" {
				t.Errorf("unused (-want +got):\n%s", diff)
			}
		})
	}
}

// Each of these is slightly wider than the tight policy's statement for the same request.
func TestLoose(t *testing.T) {
	for _, test := range []struct{ name, asked, granted, on, want string }{
		{"another prefix's queues", "sqs:SendMessage", "sqs:SendMessage", `"Resource":"arn:aws:sqs:us-east-1:000000000000:*_*"`,
			"sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:xPP_shop"},
		{"a shorter prefix", "sqs:SendMessage", "sqs:SendMessage", `"Resource":"arn:aws:sqs:us-east-1:000000000000:APP*"`,
			"sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:APPxshop"},
		{"another account's queues", "sqs:SendMessage", "sqs:SendMessage", `"Resource":"arn:aws:sqs:us-east-1:*:APP_*"`,
			"sqs:SendMessage on arn:aws:sqs:us-east-1:x00000000000:APP_shop"},
		{"another action", "sqs:SendMessage", "sqs:Send*", `"Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*"`,
			"sqs:Sendxessage on arn:aws:sqs:us-east-1:000000000000:APP_shop"},
		{"another group's streams", "logs:DeleteLogStream", "logs:DeleteLogStream",
			`"Resource":"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/*:log-stream:[APP]*"`,
			"logs:DeleteLogStream on arn:aws:logs:us-east-1:000000000000:log-group:/heroku/appsx:log-stream:[APP]shop"},
		{"any stream of the group", "logs:DeleteLogStream", "logs:DeleteLogStream",
			`"Resource":"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:*"`,
			"logs:DeleteLogStream on arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:log-stream:x[APP]shop"},
		{"another function's mappings", "lambda:DeleteEventSourceMapping", "lambda:DeleteEventSourceMapping",
			`"Resource":"*","Condition":{"ArnLike":{"lambda:FunctionArn":"` + function + `*"}}`,
			"lambda:DeleteEventSourceMapping on arn:aws:lambda:us-east-1:000000000000:event-source-mapping:1 " +
				"with map[lambda:FunctionArn:" + function + "x]"},
		{"queues of other stacks", "sqs:DeleteQueue", "sqs:DeleteQueue", `"Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*",
			"Condition":{"StringLike":{"aws:ResourceTag/heroku-drains:stack":"log*"}}`,
			"sqs:DeleteQueue on arn:aws:sqs:us-east-1:000000000000:APP_shop with map[aws:ResourceTag/heroku-drains:stack:logsx]"},
		{"queues without a tag", "sqs:DeleteQueue", "sqs:DeleteQueue", `"Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*",
			"Condition":{"StringEqualsIfExists":{"aws:ResourceTag/heroku-drains:stack":"logs"}}`,
			"sqs:DeleteQueue on arn:aws:sqs:us-east-1:000000000000:APP_shop"},
		{"to take over the queues of other stacks", "sqs:TagQueue", "sqs:TagQueue", `"Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*",
			"Condition":{"StringEquals":{"aws:RequestTag/heroku-drains:stack":"logs"}}`,
			"sqs:TagQueue on arn:aws:sqs:us-east-1:000000000000:APP_shop with " +
				"map[aws:RequestTag/heroku-drains:stack:logs aws:ResourceTag/heroku-drains:stack:logsx]"},
		{"functions", "lambda:TagResource", "lambda:TagResource", `"Resource":"arn:aws:lambda:us-east-1:000000000000:*"`,
			"lambda:TagResource on arn:aws:lambda:us-east-1:000000000000:xvent-source-mapping:*"},
		{"another secret", "secretsmanager:GetSecretValue", "secretsmanager:GetSecretValue",
			`"Resource":"arn:aws:secretsmanager:us-east-1:000000000000:secret:xkey-*"`,
			"secretsmanager:GetSecretValue on arn:aws:secretsmanager:us-east-1:000000000000:secret:xkey-AbCdEXx"},
	} {
		t.Run(test.name, func(t *testing.T) {
			policy := parse(t, `{"Effect":"Allow","Action":"`+test.granted+`",`+test.on+`}`)
			asked := slices.DeleteFunc(requests(t), func(r iamtest.Request) bool { return r.Action != test.asked })
			var loose []string
			for _, r := range policy.Loose(asked) {
				loose = append(loose, r.String())
			}
			if !slices.Contains(loose, "heroku-drains: "+test.want) {
				t.Errorf("%s is not among the loose:\n%s", test.want, strings.Join(loose, "\n"))
			}
		})
	}
}
