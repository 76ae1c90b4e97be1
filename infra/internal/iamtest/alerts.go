package iamtest

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"heroku-drains/lib/local/awslocal"
)

// itemOperations are the supported operations on a table's items, whose actions have the same names. A condition on a write needs no other.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
var itemOperations = map[string]bool{
	"DeleteItem": true, "GetItem": true, "PutItem": true, "Query": true, "Scan": true, "UpdateItem": true,
}

// dynamodb translates the operations of itemOperations. "TableName" can also be an ARN.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
func (t Translator) dynamodb(c awslocal.Call) ([]Request, error) {
	if !itemOperations[c.Operation] {
		return nil, errUnknownOperation
	}
	input, err := read[struct{ TableName, IndexName string }](c)
	if err != nil {
		return nil, err
	}
	tables := t.arn("dynamodb", "table/")
	name := strings.TrimPrefix(input.TableName, tables)
	if name == "" || strings.ContainsAny(name, ":/") || input.IndexName != "" {
		return nil, fmt.Errorf("it is not on a table of this account, but on %q, index %q", input.TableName, input.IndexName)
	}
	return []Request{on(c.AccessKeyID, "dynamodb:"+c.Operation, tables+name, "")}, nil
}

// topicOperations are the supported operations on a topic, whose actions have the same names.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
var topicOperations = map[string]bool{"GetTopicAttributes": true, "ListSubscriptionsByTopic": true, "Publish": true}

// sns translates the operations of topicOperations.
func (t Translator) sns(c awslocal.Call) ([]Request, error) {
	if !topicOperations[c.Operation] {
		return nil, errUnknownOperation
	}
	input, err := url.ParseQuery(string(c.Input))
	if err != nil {
		return nil, fmt.Errorf("read its input: %w", err)
	}
	topic := input.Get("TopicArn")
	if topic == "" {
		return nil, errors.New("it does not name a topic")
	}
	return []Request{on(c.AccessKeyID, "sns:"+c.Operation, topic, "")}, nil
}
