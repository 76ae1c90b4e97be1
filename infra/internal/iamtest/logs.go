package iamtest

import (
	"errors"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// onStream says for each supported operation of CloudWatch Logs whether it is on a log stream; the others are on a log group.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_logs.html
var onStream = map[string]bool{
	"CreateLogStream":    true,
	"DeleteLogStream":    true,
	"DescribeLogStreams": false,
	"FilterLogEvents":    false,
	"GetLogEvents":       true,
	"PutLogEvents":       true,
	"StartQuery":         false,
}

// onQuery are the operations on a query, whose actions have no resource. So anyone who may call them can read the results of every query whose
// ID they know.
var onQuery = map[string]bool{"GetQueryResults": true, "StopQuery": true}

// logs translates the operations of onStream and onQuery, whose actions have the same names.
func (t Translator) logs(c awslocal.Call) ([]Request, error) {
	if onQuery[c.Operation] {
		return []Request{anywhere(c.AccessKeyID, "logs:"+c.Operation)}, nil
	}
	stream, ok := onStream[c.Operation]
	if !ok {
		return nil, errUnknownOperation
	}
	input, err := read[struct {
		LogGroupName, LogStreamName string
		LogGroupNames               []string
	}](c)
	if err != nil {
		return nil, err
	}
	if c.Operation == "StartQuery" && len(input.LogGroupNames) > 0 {
		var requests []Request
		for _, name := range input.LogGroupNames {
			requests = append(requests, on(c.AccessKeyID, "logs:StartQuery", t.group(name)+":", "log-stream:"))
		}
		return requests, nil
	}
	if input.LogGroupName == "" || stream && input.LogStreamName == "" {
		return nil, errors.New("it does not name its log group or its log stream")
	}
	action := "logs:" + c.Operation
	if !stream {
		// AWS's error messages show a group as a stream without a name: https://github.com/hashicorp/terraform-provider-aws/issues/8804. So
		// a policy needs "the second version, with the trailing :*, to refer to the ARN".
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
		return []Request{on(c.AccessKeyID, action, t.group(input.LogGroupName)+":", "log-stream:")}, nil
	}
	scope, app := cut(input.LogStreamName, t.StreamPrefix)
	return []Request{on(c.AccessKeyID, action, t.group(input.LogGroupName)+":log-stream:"+scope, app)}, nil
}

// group returns the ARN of a log group.
func (t Translator) group(name string) string { return t.arn("logs", "log-group:"+name) }

// Logging returns what Lambda needs to write a function's log: it does so with the function's role, to log streams that it names itself.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
func (t Translator) Logging(function string) []Request {
	streams := t.group(stack.FunctionLogGroup(function)) + ":"
	const stream = "log-stream:2026/11/20/[$LATEST]0123456789abcdef0123456789abcdef"
	return []Request{
		on(function, "logs:CreateLogStream", streams, stream),
		on(function, "logs:PutLogEvents", streams, stream),
	}
}
