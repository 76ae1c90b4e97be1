package awslocal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"heroku-drains/lib/local/awslocal/internal/sns"
)

// Removal is what someone does to a resource just before a call that names it. A Fault with a Removal should have Times.
type Removal int

// The values of Removal.
const (
	RemoveNothing  Removal = iota
	RemoveResource         // delete the queue, log stream (or log group, if the call names no stream), table, topic or secret
	RemoveMapping          // delete the event source mapping of the queue
	DisableMapping         // disable the event source mapping of the queue
)

// remove does what the Removal says to what a call names. What does not exist stays so.
func (s *Server) remove(removal Removal, service string, input []byte) error {
	var in struct {
		QueueUrl                    string
		LogGroupName, LogStreamName string
		TableName, SecretId         string
	}
	if service != "sns" {
		if err := json.Unmarshal(input, &in); err != nil {
			return fmt.Errorf("read the call's input: %w", err)
		}
	}
	if removal != RemoveResource {
		return s.changeMapping(removal, s.opts.account().ARN("sqs", lastOf(in.QueueUrl)))
	}
	switch service {
	case "sqs":
		return s.do(service, "AmazonSQS.DeleteQueue", map[string]any{"QueueUrl": in.QueueUrl})
	case "logs":
		if in.LogStreamName == "" {
			return s.do(service, "Logs_20140328.DeleteLogGroup", map[string]any{"logGroupName": in.LogGroupName})
		}
		return s.do(service, "Logs_20140328.DeleteLogStream", map[string]any{"logGroupName": in.LogGroupName, "logStreamName": in.LogStreamName})
	case "dynamodb":
		return s.do(service, "DynamoDB_20120810.DeleteTable", map[string]any{"TableName": in.TableName})
	case "secretsmanager":
		return s.do(service, "secretsmanager.DeleteSecret", map[string]any{"SecretId": in.SecretId, "ForceDeleteWithoutRecovery": true})
	case "sns":
		form, err := url.ParseQuery(string(input))
		if err != nil {
			return fmt.Errorf("read the call's input: %w", err)
		}
		return s.request(service, http.MethodPost, "/", "", []byte(url.Values{
			"Action": {"DeleteTopic"}, "Version": {sns.Version}, "TopicArn": {form.Get("TopicArn")},
		}.Encode()))
	}
	return fmt.Errorf("a call of %s names nothing that can be removed", service)
}

// changeMapping deletes or disables the event source mappings of a queue.
func (s *Server) changeMapping(removal Removal, queue string) error {
	for _, id := range s.lambda.MappingsOf(queue) {
		path := "/2015-03-31/event-source-mappings/" + id
		method, body := http.MethodDelete, ""
		if removal == DisableMapping {
			method, body = http.MethodPut, `{"Enabled":false}`
		}
		if err := s.request("lambda", method, path, "", []byte(body)); err != nil {
			return err
		}
	}
	return nil
}

// do makes a call of a JSON service, as the account's owner.
func (s *Server) do(service, target string, input map[string]any) error {
	body, err := json.Marshal(input)
	if err != nil {
		return err
	}
	return s.request(service, http.MethodPost, "/", target, body)
}

// request makes a call of a service without a network and a signature.
func (s *Server) request(service, method, path, target string, body []byte) error {
	r, err := http.NewRequestWithContext(s.lifetime, method, s.awsURL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	answer := &recorder{header: make(http.Header), status: http.StatusOK}
	s.services[service].handler.ServeHTTP(answer, r)
	if answer.status/100 != 2 {
		return fmt.Errorf("%s %s: %s", method, target+path, answer.body)
	}
	return nil
}
