package iamtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// Translator translates calls to the requests that AWS makes to IAM, by the Service Authorization Reference. Every field is required,
// except APIID if no call is one of the API.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
type Translator struct {
	Region, AccountID         string
	QueuePrefix, StreamPrefix string // of the names of the apps' queues and log streams
	StackTag                  string // key of the tag that has the stack's name on each of its queues
	APIID                     string // of the stack's API
}

// Requests returns the requests of a call, and of the calls that Lambda makes because of it: when a mapping is created, Lambda reads its queue
// with the role of its function. An error means that the call is not supported, or does not name its resource.
func (t Translator) Requests(c awslocal.Call) ([]Request, error) {
	translate := map[string]func(awslocal.Call) ([]Request, error){
		"cloudformation": t.stacks,
		"dynamodb":       t.dynamodb,
		"execute-api":    t.api,
		"lambda":         t.lambda,
		"logs":           t.logs,
		"monitoring":     t.metrics,
		"secretsmanager": t.secrets,
		"sns":            t.sns,
		"sqs":            t.sqs,
	}[c.Service]
	if translate == nil {
		return nil, fmt.Errorf("calls of %s are not supported", c.Service)
	}
	requests, err := translate(c)
	if err != nil {
		return nil, fmt.Errorf("translate %s of %s: %w", c.Operation, c.Service, err)
	}
	return requests, nil
}

// metrics translates GetMetricData, which has no resource.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
func (t Translator) metrics(c awslocal.Call) ([]Request, error) {
	if c.Operation != "GetMetricData" {
		return nil, errUnknownOperation
	}
	return []Request{anywhere(c.AccessKeyID, "cloudwatch:GetMetricData")}, nil
}

// stacks translates DescribeStacks of one stack. Its caller does not give the stack's ID, the last part of the ARN.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
func (t Translator) stacks(c awslocal.Call) ([]Request, error) {
	if c.Operation != "DescribeStacks" {
		return nil, errUnknownOperation
	}
	input, err := url.ParseQuery(string(c.Input))
	if err != nil {
		return nil, fmt.Errorf("read its input: %w", err)
	}
	name := input.Get("StackName")
	if name == "" {
		return nil, errors.New("it does not name a stack")
	}
	return []Request{on(c.AccessKeyID, "cloudformation:DescribeStacks", t.arn("cloudformation", "stack/"+name+"/"), "*")}, nil
}

// anyStage is the stage in the ARN of a request to the API. The API has only this one, so a policy may have * instead.
const anyStage = "/$default/"

// api translates a request to the API: its resource is the method and the path. The parameters of the route, and what is between them, are the
// name in the resource.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func (t Translator) api(c awslocal.Call) ([]Request, error) {
	if t.APIID == "" {
		return nil, errors.New("the translator has no API")
	}
	for _, route := range stack.Routes() {
		if route.Method() != c.Operation || !matchesRoute(route.Path(), c.Path) {
			continue
		}
		r := Request{
			Caller: c.AccessKeyID, Action: "execute-api:Invoke",
			Resource: t.arn("execute-api", t.APIID+anyStage+c.Operation+c.Path), Open: anyStage,
		}
		before, _, parameters := strings.Cut(route.Path(), "{")
		r.Scope = t.arn("execute-api", t.APIID+anyStage+c.Operation+before)
		if parameters {
			r.End = route.Path()[strings.LastIndexByte(route.Path(), '}')+1:]
		}
		return []Request{r}, nil
	}
	return nil, fmt.Errorf("the API has no route for %s %q", c.Operation, c.Path)
}

// matchesRoute reports whether a path is one of a route: it has the same parts, with any text for parameters.
func matchesRoute(route, path string) bool {
	want, got := strings.Split(route, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(want, got string) bool {
		return want == got || strings.HasPrefix(want, "{") && got != ""
	})
}

// secretOperations are the supported operations on a secret, whose actions have the same names.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
var secretOperations = map[string]bool{"DescribeSecret": true, "GetSecretValue": true, "PutSecretValue": true}

// secrets translates the operations on a secret. A secret's ARN ends in random characters, so it cannot be derived from a name.
func (t Translator) secrets(c awslocal.Call) ([]Request, error) {
	if !secretOperations[c.Operation] {
		return nil, errUnknownOperation
	}
	input, err := read[struct{ SecretID string }](c)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(input.SecretID, "arn:") {
		return nil, errors.New("it does not name its secret by its ARN")
	}
	return []Request{on(c.AccessKeyID, "secretsmanager:"+c.Operation, input.SecretID, "")}, nil
}

var errUnknownOperation = errors.New("the operation is not supported: look it up in the Service Authorization Reference and add it")

// read returns a call's input. The fields of T have the names of the API's members, in any case.
func read[T any](c awslocal.Call) (T, error) {
	var input T
	if err := json.Unmarshal(c.Input, &input); err != nil {
		return input, fmt.Errorf("read its input: %w", err)
	}
	return input, nil
}

// arn returns an ARN of this account.
func (t Translator) arn(service, resource string) string {
	return strings.Join([]string{"arn", "aws", service, t.Region, t.AccountID, resource}, ":")
}

// cut splits a name into the stack's prefix and the app's name. All of a name without the prefix is scope.
func cut(name, prefix string) (scope, app string) {
	if app, ok := strings.CutPrefix(name, prefix); ok {
		return prefix, app
	}
	return name, ""
}
