package awslocal_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// testQueue is a queue and a client for it.
type testQueue struct {
	*sqs.Client
	url *string
}

// newQueue creates a queue. attributes are alternating names and values.
func newQueue(t *testing.T, b backend, name string, attributes ...string) testQueue {
	t.Helper()
	client := sqs.NewFromConfig(b.config)
	out, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(name), Attributes: pairs(attributes...)})
	if err != nil {
		t.Fatalf("create queue %s: %v", name, err)
	}
	return testQueue{client, out.QueueUrl}
}

func pairs(namesAndValues ...string) map[string]string {
	m := make(map[string]string)
	for i := 0; i < len(namesAndValues); i += 2 {
		m[namesAndValues[i]] = namesAndValues[i+1]
	}
	return m
}

func (q testQueue) set(t *testing.T, attributes ...string) error {
	t.Helper()
	_, err := q.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: q.url, Attributes: pairs(attributes...)})
	return err
}

func (q testQueue) attributes(t *testing.T, names ...types.QueueAttributeName) map[string]string {
	t.Helper()
	out, err := q.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: q.url, AttributeNames: names})
	if err != nil {
		t.Fatalf("attributes of %s: %v", *q.url, err)
	}
	return out.Attributes
}

func (q testQueue) arn(t *testing.T) string {
	t.Helper()
	return q.attributes(t, types.QueueAttributeNameQueueArn)["QueueArn"]
}

// counts returns the numbers of messages that are visible, in flight and delayed.
func (q testQueue) counts(t *testing.T) [3]string {
	t.Helper()
	a := q.attributes(t, types.QueueAttributeNameAll)
	return [3]string{
		a["ApproximateNumberOfMessages"], a["ApproximateNumberOfMessagesNotVisible"], a["ApproximateNumberOfMessagesDelayed"],
	}
}

func (q testQueue) send(t *testing.T, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		if _, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String(body)}); err != nil {
			t.Fatalf("send to %s: %v", *q.url, err)
		}
	}
}

// receive receives up to 10 visible messages, with all their attributes.
func (q testQueue) receive(t *testing.T) []types.Message {
	t.Helper()
	out, err := q.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl:                    q.url,
		MaxNumberOfMessages:         10,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		t.Fatalf("receive from %s: %v", *q.url, err)
	}
	return out.Messages
}

// receiveOne is like receive, but exactly one message must be visible.
func (q testQueue) receiveOne(t *testing.T) types.Message {
	t.Helper()
	messages := q.receive(t)
	if len(messages) != 1 {
		t.Fatalf("received %d messages, want 1", len(messages))
	}
	return messages[0]
}

func (q testQueue) delete(t *testing.T, receiptHandle string) error {
	t.Helper()
	_, err := q.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: q.url, ReceiptHandle: aws.String(receiptHandle)})
	return err
}

// hide changes a message's visibility timeout.
func (q testQueue) hide(t *testing.T, receiptHandle string, seconds int32) error {
	t.Helper()
	_, err := q.ChangeMessageVisibility(t.Context(), &sqs.ChangeMessageVisibilityInput{
		QueueUrl: q.url, ReceiptHandle: aws.String(receiptHandle), VisibilityTimeout: seconds,
	})
	return err
}
