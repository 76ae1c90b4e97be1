package iamtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/infra/internal/iamtest"
)

const (
	queue    = "arn:aws:sqs:us-east-1:000000000000:APP_shop"
	mapping  = "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:4c9a0f5e-0000-4000-8000-000000000001"
	function = "arn:aws:lambda:us-east-1:000000000000:function:heroku-drains-storage"
)

// values are the values of the references in the tests' templates.
var values = iamtest.Values{
	"AWS::Partition":      "aws",
	"AWS::Region":         "us-east-1",
	"AWS::AccountId":      "000000000000",
	"LogGroupF5B46931":    "/heroku/apps",
	"Storage07F31EBC.Arn": function,
}

// parse returns a policy with these statements.
func parse(t *testing.T, statements string) iamtest.Policy {
	t.Helper()
	policy, err := iamtest.Parse([]byte(`{"Version":"2012-10-17","Statement":`+statements+`}`), values)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

func TestParse(t *testing.T) {
	got := parse(t, `[
		{"Sid":"Queues","Effect":"Allow","Action":["sqs:SendMessage","sqs:TagQueue"],
			"Resource":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":sqs:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":APP_*"]]}},
		{"Effect":"Deny","Action":"lambda:*",
			"Resource":["*",{"Fn::Sub":"arn:${AWS::Partition}:lambda:*:*:${ LogGroupF5B46931 }${Storage07F31EBC.Arn}"}],
			"Condition":{"StringLike":{"b":["x*","y"],"a":"z"},"ArnEquals":{"lambda:FunctionArn":{"Fn::GetAtt":["Storage07F31EBC","Arn"]}},
				"Bool":{"aws:SecureTransport":false}}}
	]`)
	want := iamtest.Policy{
		{Sid: "Queues", Actions: []string{"sqs:SendMessage", "sqs:TagQueue"}, Resources: []string{"arn:aws:sqs:us-east-1:000000000000:APP_*"}},
		{Deny: true, Actions: []string{"lambda:*"}, Resources: []string{"*", "arn:aws:lambda:*:*:/heroku/apps" + function},
			Conditions: []iamtest.Condition{
				{Operator: "ArnEquals", Key: "lambda:FunctionArn", Values: []string{function}},
				{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}},
				{Operator: "StringLike", Key: "a", Values: []string{"z"}},
				{Operator: "StringLike", Key: "b", Values: []string{"x*", "y"}},
			}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	single := parse(t, `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}`)
	if diff := cmp.Diff(iamtest.Policy{{Actions: []string{"sqs:SendMessage"}, Resources: []string{"*"}}}, single); diff != "" {
		t.Errorf("a single statement (-want +got):\n%s", diff)
	}
}

// What is not supported must not be ignored: the results would be wrong.
func TestParseRejects(t *testing.T) {
	statement := func(elements string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + elements + `}]}`
	}
	condition := func(element string) string { return statement(`"Action":"a:b","Resource":"*","Condition":` + element) }
	for _, test := range []struct{ name, document, want string }{
		{"NotAction", statement(`"NotAction":"sqs:*","Resource":"*"`), "NotAction"},
		{"NotResource", statement(`"Action":"sqs:*","NotResource":"*"`), "NotResource"},
		{"Principal", statement(`"Action":"sqs:*","Resource":"*","Principal":"*"`), "Principal"},
		{"no effect", `{"Version":"2012-10-17","Statement":[{"Action":"a:b","Resource":"*"}]}`, "effect"},
		{"no action", statement(`"Resource":"*"`), "no action"},
		{"no resource", statement(`"Action":"a:b","Resource":[]`), "no resource"},
		{"an operator", condition(`{"StringNotEquals":{"k":"v"}}`), "StringNotEquals"},
		{"an operator for missing keys", condition(`{"ArnLikeIfExists":{"k":"v"}}`), "ArnLikeIfExists"},
		{"an operator for several values", condition(`{"ForAllValues:StringLike":{"k":"v"}}`), "ForAllValues"},
		{"a policy variable", statement(`"Action":"a:b","Resource":"arn:aws:s3:::${aws:username}"`), "policy variable"},
		{"a policy variable of Fn::Sub", statement(`"Action":"a:b","Resource":{"Fn::Sub":"${!aws:username}"}`), "policy variable"},
		{"a policy variable in a condition", condition(`{"StringLike":{"k":"${aws:PrincipalTag/x}"}}`), "policy variable"},
		{"a reference without a value", statement(`"Action":"a:b","Resource":{"Ref":"Missing"}`), "Missing"},
		{"an attribute without a value", statement(`"Action":"a:b","Resource":{"Fn::GetAtt":["LogGroupF5B46931","Arn"]}`), "LogGroupF5B46931.Arn"},
		{"a substitution without a value", statement(`"Action":"a:b","Resource":{"Fn::Sub":"${Missing.Arn}"}`), "Missing.Arn"},
		{"a substitution with variables", statement(`"Action":"a:b","Resource":{"Fn::Sub":["${a}",{"a":"b"}]}`), "Fn::Sub"},
		{"a join of a reference", statement(`"Action":"a:b","Resource":{"Fn::Join":[",",{"Ref":"List"}]}`), "Fn::Join"},
		{"another function", statement(`"Action":"a:b","Resource":{"Fn::ImportValue":"x"}`), "Fn::ImportValue"},
		{"a number", statement(`"Action":"a:b","Resource":1`), "1"},
		{"the old version", `{"Version":"2008-10-17","Statement":[]}`, "2008-10-17"},
		{"not JSON", `{`, "policy document"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := iamtest.Parse([]byte(test.document), values)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %s", err, test.want)
			}
		})
	}
}

func TestAllows(t *testing.T) {
	policy := parse(t, `[
		{"Effect":"Allow","Action":["sqs:SendMessage","sqs:Get*"],"Resource":"arn:aws:sqs:us-east-1:000000000000:APP_*"},
		{"Effect":"Allow","Action":"sqs:ListQueues","Resource":"*"},
		{"Effect":"Allow","Action":"lambda:DeleteEventSourceMapping","Resource":"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:*",
			"Condition":{"ArnEquals":{"lambda:FunctionArn":{"Fn::GetAtt":["Storage07F31EBC","Arn"]}}}},
		{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:us-east-1:000000000000:APP_blog"},
		{"Effect":"Deny","Action":"sqs:*","Resource":"arn:aws:sqs:us-east-1:000000000000:APP_locked"}
	]`)
	byFunction := func(arn string) map[string]string { return map[string]string{"lambda:FunctionArn": arn} }
	for _, test := range []struct {
		name, action, resource string
		context                map[string]string
		statement              int
		want                   bool
	}{
		{"allowed", "sqs:SendMessage", queue, nil, 0, true},
		{"in another case", "SQS:sendmessage", queue, nil, 0, true},
		{"by wildcard", "sqs:GetQueueUrl", queue, nil, 0, true},
		{"another action", "sqs:DeleteQueue", queue, nil, -1, false},
		{"another resource", "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:other", nil, -1, false},
		{"a resource in another case", "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:app_shop", nil, -1, false},
		{"the first of two", "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:APP_blog", nil, 0, true},
		{"the second of two", "sqs:DeleteQueue", "arn:aws:sqs:us-east-1:000000000000:APP_blog", nil, 3, true},
		{"an action without a resource", "sqs:ListQueues", "*", nil, 1, true},
		{"denied", "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:APP_locked", nil, 4, false},
		{"on a condition", "lambda:DeleteEventSourceMapping", mapping, byFunction(function), 2, true},
		{"on a key in another case", "lambda:DeleteEventSourceMapping", mapping, map[string]string{"Lambda:functionARN": function}, 2, true},
		{"condition not met", "lambda:DeleteEventSourceMapping", mapping, byFunction(function + "2"), -1, false},
		{"condition without a key", "lambda:DeleteEventSourceMapping", mapping, nil, -1, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			statement, got := policy.Allows(test.action, test.resource, test.context)
			if got != test.want || statement != test.statement {
				t.Errorf("%t by statement %d, want %t by %d", got, statement, test.want, test.statement)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	for _, test := range []struct {
		condition string
		context   map[string]string
		want      bool
	}{
		{`{"StringEquals":{"k":"a*"}}`, map[string]string{"k": "a*"}, true},
		{`{"StringEquals":{"k":"a*"}}`, map[string]string{"k": "ab"}, false},
		{`{"StringEquals":{"k":"a"}}`, map[string]string{"k": "A"}, false},
		{`{"StringEquals":{"k":["a","b"]}}`, map[string]string{"k": "b"}, true},
		{`{"StringEqualsIfExists":{"k":"a"}}`, map[string]string{"k": "a"}, true},
		{`{"StringEqualsIfExists":{"k":"a"}}`, map[string]string{"k": "b"}, false},
		{`{"StringEqualsIfExists":{"k":"a"}}`, map[string]string{"l": "b"}, true},
		{`{"StringLike":{"k":"a*"}}`, map[string]string{"k": "ab"}, true},
		{`{"StringLike":{"k":"a*"}}`, map[string]string{"k": "ba"}, false},
		{`{"StringLike":{"k":"*"}}`, nil, false},
		{`{"ArnEquals":{"k":"arn:aws:sqs:*:000000000000:APP_*"}}`, map[string]string{"k": queue}, true},
		{`{"ArnLike":{"k":"arn:aws:sqs:*:000000000000:APP_*"}}`, map[string]string{"k": queue}, true},
		{`{"ArnLike":{"k":"arn:aws:sqs:*:111111111111:APP_*"}}`, map[string]string{"k": queue}, false},
		{`{"Bool":{"k":"true"}}`, map[string]string{"k": "True"}, true},
		{`{"Bool":{"k":true}}`, map[string]string{"k": "false"}, false},
		{`{"StringEquals":{"k":"a","l":"b"}}`, map[string]string{"k": "a", "l": "b"}, true},
		{`{"StringEquals":{"k":"a","l":"b"}}`, map[string]string{"k": "a"}, false},
		{`{"StringEquals":{"k":"a"},"Bool":{"l":"true"}}`, map[string]string{"k": "a", "l": "false"}, false},
		{`{}`, nil, true},
	} {
		policy := parse(t, `{"Effect":"Allow","Action":"a:b","Resource":"*","Condition":`+test.condition+`}`)
		if _, got := policy.Allows("a:b", "*", test.context); got != test.want {
			t.Errorf("%s of %v: %t, want %t", test.condition, test.context, got, test.want)
		}
	}
}
