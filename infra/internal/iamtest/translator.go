package iamtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"heroku-drains/lib/local/awslocal"
)

// Translator says what IAM is asked about calls, as AWS's Service Authorization Reference has it. Every field is required.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
type Translator struct {
	Region, AccountID         string
	QueuePrefix, StreamPrefix string // what the names of the apps' queues and log streams begin with
}

// Requests is what IAM is asked about one call, and about what Lambda then does by itself: a mapping has Lambda read its queue with the
// role of its function. An error means that the call is not known here, or does not say what it is about.
func (t Translator) Requests(c awslocal.Call) ([]Request, error) {
	translate := map[string]func(awslocal.Call) ([]Request, error){
		"lambda":         t.lambda,
		"logs":           t.logs,
		"secretsmanager": t.secrets,
		"sqs":            t.sqs,
	}[c.Service]
	if translate == nil {
		return nil, fmt.Errorf("the calls of %s are not known", c.Service)
	}
	requests, err := translate(c)
	if err != nil {
		return nil, fmt.Errorf("what IAM is asked about %s of %s: %w", c.Operation, c.Service, err)
	}
	return requests, nil
}

var errUnknownOperation = errors.New("the operation is not known: look it up in the Service Authorization Reference, and add it")

// read reads a call's input, whose members have the names of the API, in either case.
func read[T any](c awslocal.Call) (T, error) {
	var input T
	if err := json.Unmarshal(c.Input, &input); err != nil {
		return input, fmt.Errorf("read its input: %w", err)
	}
	return input, nil
}

// arn is an ARN of this account.
func (t Translator) arn(service, resource string) string {
	return strings.Join([]string{"arn", "aws", service, t.Region, t.AccountID, resource}, ":")
}

// cut splits a name into what belongs to the stack and what is an app's. A name without the prefix is not an app's at all.
func cut(name, prefix string) (scope, app string) {
	if app, ok := strings.CutPrefix(name, prefix); ok {
		return prefix, app
	}
	return name, ""
}
