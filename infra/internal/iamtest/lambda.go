package iamtest

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"heroku-drains/lib/local/awslocal"
)

// functionKey is the condition key for the function of an event source mapping.
const functionKey = "lambda:FunctionArn"

// lambda translates the operations on event source mappings, and GetAccountSettings, which has no resource.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_lambda.html
func (t Translator) lambda(c awslocal.Call) ([]Request, error) {
	switch c.Operation {
	case "CreateEventSourceMapping":
		return t.createMapping(c)
	case "GetEventSourceMapping", "DeleteEventSourceMapping":
		return t.onMapping(c), nil
	case "UpdateEventSourceMapping":
		input, err := read[struct{ FunctionName string }](c)
		if err == nil && input.FunctionName != "" {
			err = errors.New("it changes the mapping's function, and the reference does not say which of the two is checked")
		}
		return t.onMapping(c), err
	case "GetAccountSettings":
		return []Request{anywhere(c.AccessKeyID, "lambda:GetAccountSettings")}, nil
	case "ListEventSourceMappings": // ListEventSourceMappings has neither a resource nor a condition key
		return []Request{anywhere(c.AccessKeyID, "lambda:ListEventSourceMappings")}, nil
	}
	return nil, errUnknownOperation
}

// onMapping returns a request for the mapping in the path, with its function if the mapping exists.
func (t Translator) onMapping(c awslocal.Call) []Request {
	r := on(c.AccessKeyID, "lambda:"+c.Operation, t.arn("lambda", "event-source-mapping:"), path.Base(c.Path))
	if c.MappedFunction != "" {
		r.Context, r.Bound = map[string]string{functionKey: c.MappedFunction}, map[string]bool{functionKey: true}
	}
	return []Request{r}
}

// createMapping returns a request without a resource, because the mapping does not exist yet. Tags need lambda:TagResource on
// event-source-mapping:*, as AWS's error messages show. https://github.com/aws-samples/sample-autonomous-cloud-coding-agents/issues/407
func (t Translator) createMapping(c awslocal.Call) ([]Request, error) {
	input, err := read[struct {
		EventSourceArn, FunctionName string
		Tags                         map[string]string
	}](c)
	if err != nil {
		return nil, err
	}
	queue, isQueue := strings.CutPrefix(input.EventSourceArn, t.arn("sqs", ""))
	function, isFunction := strings.CutPrefix(t.functionARN(input.FunctionName), t.functionARN(""))
	if !isQueue || !isFunction {
		return nil, fmt.Errorf("it maps %q to %q, which are not a queue and a function of this account", input.EventSourceArn, input.FunctionName)
	}
	create := anywhere(c.AccessKeyID, "lambda:CreateEventSourceMapping")
	create.Context, create.Bound = map[string]string{functionKey: t.functionARN(function)}, map[string]bool{functionKey: true}
	requests := []Request{create}
	if len(input.Tags) > 0 {
		requests = append(requests, on(c.AccessKeyID, "lambda:TagResource", t.arn("lambda", "event-source-mapping:"), "*"))
	}
	return append(requests, t.Polling(function, queue)...), nil
}

// Polling returns what Lambda needs to read a mapping's queue with the function's role. These calls are Lambda's own, so they are not recorded.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
func (t Translator) Polling(function, queue string) []Request {
	return []Request{
		t.onQueue(function, "sqs:DeleteMessage", queue),
		t.onQueue(function, "sqs:GetQueueAttributes", queue),
		t.onQueue(function, "sqs:ReceiveMessage", queue),
	}
}

// functionARN returns the ARN of a function, given its name or ARN.
func (t Translator) functionARN(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return t.arn("lambda", "function:"+name)
}
