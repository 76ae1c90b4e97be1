package esm

import (
	"errors"
	"net/http"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

type createInput struct {
	EventSourceArn string
	FunctionName   string
	Tags           map[string]string
	settingsInput
}

func (s *Service) create(_ *http.Request, body []byte) (any, error) {
	in := new(createInput)
	if err := decode(body, in); err != nil {
		return nil, err
	}
	chosen, err := settings{batchSize: defaultBatchSize}.with(in.settingsInput)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	if err := checkSource(in.EventSourceArn); err != nil {
		return nil, err
	}
	function, err := s.target(in.FunctionName, in.EventSourceArn)
	if err != nil {
		return nil, err
	}

	s.lock()
	defer s.mu.Unlock()
	for _, m := range s.mappings {
		if m.queue == in.EventSourceArn && m.function.ARN == function.ARN {
			return nil, conflict(m)
		}
	}
	s.created++
	m := &mapping{
		id:         awsapi.NewID(),
		number:     s.created,
		created:    s.config.Clock.Now(),
		queue:      in.EventSourceArn,
		function:   function,
		settings:   chosen,
		tags:       make(map[string]string),
		lastResult: nothingYet,
	}
	for key, value := range in.Tags {
		m.tags[key] = value
	}
	s.mappings = append(s.mappings, m)
	if in.Enabled != nil && !*in.Enabled {
		// AWS has nothing to set up for a disabled mapping, so it is disabled at once
		m.state, m.modified = disabled, s.config.Clock.Now()
		s.config.Journal.Save(m)
	} else {
		s.beginTransition(m, creating, enabled)
	}
	return s.describe(m), nil
}

// checkSource rejects event sources that are not queues.
func checkSource(arn string) error {
	switch {
	case arn == "":
		return restjson.InvalidParameterf("Unrecognized event source, must be kafka or specify an EventSourceArn.")
	case !strings.HasPrefix(arn, "arn:"):
		return restjson.Constraint(arn, "eventSourceArn", `satisfy regular expression pattern: arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)`)
	case !awsapi.HasService(arn, "sqs"):
		return restjson.InvalidParameterf("the embedded AWS supports only SQS queues as event sources, not %s", arn)
	}
	return nil
}

// target returns the function that a mapping of a queue is to invoke. As on AWS, the function's timeout must not exceed the queue's
// visibility timeout.
func (s *Service) target(name, queue string) (Target, error) {
	function, err := s.config.Functions.Resolve(name)
	if refused, ok := errors.AsType[*awsapi.Error](err); ok && refused.Status == http.StatusNotFound {
		return Target{}, restjson.InvalidParameterf("Function does not exist")
	}
	if err != nil {
		return Target{}, err
	}
	visibility, exists := s.config.Queues.VisibilityTimeout(queue)
	if !exists {
		return Target{}, restjson.InvalidParameterf("Error occurred while ReceiveMessage. SQS Error Code:" +
			" AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.")
	}
	if visibility < function.Timeout {
		return Target{}, restjson.InvalidParameterf("Queue visibility timeout: %.0f seconds is less than Function timeout: %.0f seconds",
			visibility.Seconds(), function.Timeout.Seconds())
	}
	return function, nil
}
