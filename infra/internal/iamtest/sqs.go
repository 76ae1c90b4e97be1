package iamtest

import (
	"errors"
	"path"

	"heroku-drains/lib/local/awslocal"
)

// queueActions are the actions that SQS's operations on a queue need. A batch needs the action for a single message.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_sqs.html
var queueActions = map[string]string{
	"ChangeMessageVisibility":      "sqs:ChangeMessageVisibility",
	"ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
	"CreateQueue":                  "sqs:CreateQueue",
	"DeleteMessage":                "sqs:DeleteMessage",
	"DeleteMessageBatch":           "sqs:DeleteMessage",
	"DeleteQueue":                  "sqs:DeleteQueue",
	"GetQueueAttributes":           "sqs:GetQueueAttributes",
	"GetQueueUrl":                  "sqs:GetQueueUrl",
	"ListQueueTags":                "sqs:ListQueueTags",
	"PurgeQueue":                   "sqs:PurgeQueue",
	"ReceiveMessage":               "sqs:ReceiveMessage",
	"SendMessage":                  "sqs:SendMessage",
	"SendMessageBatch":             "sqs:SendMessage",
	"SetQueueAttributes":           "sqs:SetQueueAttributes",
	"TagQueue":                     "sqs:TagQueue",
	"UntagQueue":                   "sqs:UntagQueue",
}

// sqs translates the operations on a queue, and ListQueues, which has no resource.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_sqs.html
func (t Translator) sqs(c awslocal.Call) ([]Request, error) {
	if c.Operation == "ListQueues" {
		return []Request{anywhere(c.AccessKeyID, "sqs:ListQueues")}, nil
	}
	action, ok := queueActions[c.Operation]
	if !ok {
		return nil, errUnknownOperation
	}
	input, err := read[struct {
		QueueName, QueueURL string
		Tags                map[string]string
	}](c)
	if err != nil {
		return nil, err
	}
	name := input.QueueName
	if name == "" && input.QueueURL != "" {
		name = path.Base(input.QueueURL)
	}
	if name == "" {
		return nil, errors.New("it does not name a queue")
	}
	requests := []Request{t.onQueue(c.AccessKeyID, action, name)}
	if c.Operation == "CreateQueue" && len(input.Tags) > 0 { // the reference lists both actions for CreateQueue
		requests = append(requests, t.onQueue(c.AccessKeyID, "sqs:TagQueue", name))
	}
	return requests, nil
}

// onQueue returns a request for the queue of that name.
func (t Translator) onQueue(caller, action, name string) Request {
	scope, app := cut(name, t.QueuePrefix)
	return on(caller, action, t.arn("sqs", scope), app)
}
