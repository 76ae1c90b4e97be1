package iamtest

import (
	"errors"
	"fmt"
	"path"
	"strings"

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
	"ListDeadLetterSourceQueues":   "sqs:ListDeadLetterSourceQueues",
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
	if c.Operation == "StartMessageMoveTask" || c.Operation == "ListMessageMoveTasks" {
		return t.moveTask(c)
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
	for i := range requests {
		t.setTags(&requests[i], c.QueueTags, input.Tags)
	}
	return requests, nil
}

// moveTask translates the operations on the tasks that move dead letters. SQS moves the messages with the caller's permissions: it receives and
// deletes them, and sends each to the queue it came from, which is an app's.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
func (t Translator) moveTask(c awslocal.Call) ([]Request, error) {
	input, err := read[struct{ SourceArn, DestinationArn string }](c)
	if err != nil {
		return nil, err
	}
	queue, ok := strings.CutPrefix(input.SourceArn, t.arn("sqs", ""))
	if !ok || input.DestinationArn != "" {
		return nil, fmt.Errorf("it moves from %q to %q: only from a queue of this account back to the apps' queues is supported",
			input.SourceArn, input.DestinationArn)
	}
	requests := []Request{
		t.onQueue(c.AccessKeyID, "sqs:"+c.Operation, queue),
		t.onQueue(c.AccessKeyID, "sqs:ReceiveMessage", queue),
		t.onQueue(c.AccessKeyID, "sqs:DeleteMessage", queue),
		t.onQueue(c.AccessKeyID, "sqs:GetQueueAttributes", queue),
	}
	if c.Operation == "StartMessageMoveTask" {
		requests = append(requests, t.onQueue(c.AccessKeyID, "sqs:SendMessage", t.QueuePrefix+"*"))
	}
	return requests, nil
}

// The condition keys for the stack's tag on a queue, and in a request to create or to tag one. All actions on a queue have the former.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-abac-condition-keys.html
const (
	resourceTag = "aws:ResourceTag/"
	requestTag  = "aws:RequestTag/"
)

// boundTags returns the condition keys for the stack's tag that a policy must bind to the stack's name, for an action that creates, changes or deletes
// a queue. A queue without the tag may be tagged: those of older versions have none. Reading a queue, and sending to it, must not
// depend on tags: IAM takes some seconds to know those of a new queue, in which Heroku's lines would be lost.
func (t Translator) boundTags(action string) map[string]bool {
	switch action {
	case "sqs:CreateQueue":
		return map[string]bool{requestTag + t.StackTag: true}
	case "sqs:TagQueue":
		return map[string]bool{requestTag + t.StackTag: true, resourceTag + t.StackTag: false}
	case "sqs:SetQueueAttributes", "sqs:DeleteQueue":
		return map[string]bool{resourceTag + t.StackTag: true}
	}
	return nil
}

// setTags sets a request's condition keys for the tags of its queue, and for those that it gives the queue.
func (t Translator) setTags(r *Request, queue, request map[string]string) {
	context := map[string]string{}
	for key, value := range queue {
		context[resourceTag+key] = value
	}
	for key, value := range request {
		context[requestTag+key] = value
	}
	for key, required := range t.boundTags(r.Action) {
		if _, given := context[key]; given {
			if r.Bound == nil {
				r.Bound = map[string]bool{}
			}
			r.Bound[key] = required
		}
	}
	if len(context) > 0 {
		r.Context = context
	}
}

// onQueue returns a request for the queue of that name.
func (t Translator) onQueue(caller, action, name string) Request {
	scope, app := cut(name, t.QueuePrefix)
	return on(caller, action, t.arn("sqs", scope), app)
}
