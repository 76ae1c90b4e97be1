package awslocal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const mib = 1_048_576

// sendBody sends a message. attributes are alternating names and values.
func sendBody(body string, attributes ...string) queueCall {
	in := sqs.SendMessageInput{MessageBody: &body, MessageAttributes: make(map[string]types.MessageAttributeValue)}
	for name, value := range pairs(attributes...) {
		in.MessageAttributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
	}
	return send(in)
}

func send(in sqs.SendMessageInput) queueCall {
	return func(t *testing.T, _ backend, q testQueue) error {
		in.QueueUrl = q.url
		_, err := q.SendMessage(t.Context(), &in)
		return err
	}
}

func TestSQSMessageLimits(t *testing.T) {
	elevenAttributes := []string{}
	for i := range 11 {
		elevenAttributes = append(elevenAttributes, fmt.Sprint("a", i), "v")
	}
	limits := []limit{
		{"a message of 1 MiB", "", "", sendBody(strings.Repeat("x", mib))},
		{"a message of 1 MiB and 1 byte", "InvalidParameterValue", "", sendBody(strings.Repeat("x", mib+1))},
		{"a message is measured in bytes", "InvalidParameterValue", "it counts characters", sendBody(strings.Repeat("é", mib/2) + "x")},
		{"a message of 1 MiB with its attributes", "", "", sendBody(strings.Repeat("x", mib-len("aStringv")), "a", "v")},
		{"a message of 1 MiB and 1 byte with its attributes", "InvalidParameterValue", "it does not count them",
			sendBody(strings.Repeat("x", mib-len("aStringv")+1), "a", "v")},
		{"a message above the queue's own limit", "InvalidParameterValue", "", func(t *testing.T, b backend, q testQueue) error {
			if err := q.set(t, "MaximumMessageSize", "1024"); err != nil {
				t.Fatal(err)
			}
			return sendBody(strings.Repeat("x", 1025))(t, b, q)
		}},
		{"an empty message", "MissingParameter", "it accepts them", sendBody("")},
		{"a message with the last of the allowed characters", "", "", sendBody("\t\n\r\uD7FF\uE000\uFFFD\U00010000\U0010FFFF")},
		{"a delay of 901 seconds", "InvalidParameterValue", "", send(sqs.SendMessageInput{MessageBody: aws.String("x"), DelaySeconds: 901})},
		{"11 message attributes", "InvalidParameterValue", "it accepts any number", sendBody("x", elevenAttributes...)},
		{"a message attribute with a reserved name", "InvalidParameterValue", "it accepts them", sendBody("x", "AWS.x", "v")},
		{"a message attribute with a wrong name", "InvalidParameterValue", "", sendBody("x", "a b", "v")},
		{"a message attribute without a value", "InvalidParameterValue", "it accepts them", sendBody("x", "a", "")},
		{"a message attribute with a control character", "InvalidMessageContents", "it accepts them", sendBody("x", "a", "\x1b")},
		{"a message attribute with an unknown type", "InvalidParameterValue", "", send(sqs.SendMessageInput{
			MessageBody: aws.String("x"),
			MessageAttributes: map[string]types.MessageAttributeValue{
				"a": {DataType: aws.String("Text"), StringValue: aws.String("v")},
			},
		})},
	}
	for _, c := range []struct{ name, text string }{
		{"NUL", "\x00"}, {"escape, as in ANSI colors", "\x1b[31m"}, {"U+000B", "\v"}, {"U+FFFE", "\uFFFE"}, {"U+FFFF", "\uFFFF"},
	} {
		limits = append(limits, limit{"a message with " + c.name, "InvalidMessageContents", "it accepts every character", sendBody(c.text)})
	}
	tryLimits(t, limits)
}

func TestSQSBatchLimits(t *testing.T) {
	batch := func(entries ...types.SendMessageBatchRequestEntry) queueCall {
		return func(t *testing.T, _ backend, q testQueue) error {
			_, err := q.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: q.url, Entries: entries})
			return err
		}
	}
	entry := func(id, body string) types.SendMessageBatchRequestEntry {
		return types.SendMessageBatchRequestEntry{Id: aws.String(id), MessageBody: aws.String(body)}
	}
	entries := func(n int) []types.SendMessageBatchRequestEntry {
		all := []types.SendMessageBatchRequestEntry{}
		for i := range n {
			all = append(all, entry(fmt.Sprint(i), "x"))
		}
		return all
	}
	half := strings.Repeat("x", mib/2)
	tryLimits(t, []limit{
		{"a batch of 10", "", "", batch(entries(10)...)},
		{"a batch of 11", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "", batch(entries(11)...)},
		{"a batch of none", "AWS.SimpleQueueService.EmptyBatchRequest", "", batch(entries(0)...)},
		{"a batch of 1 MiB", "", "", batch(entry("a", half), entry("b", half))},
		{"a batch of 1 MiB and 1 byte", "AWS.SimpleQueueService.BatchRequestTooLong", "", batch(entry("a", half), entry("b", half+"x"))},
		{"a batch with an id twice", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "", batch(entry("a", "x"), entry("a", "y"))},
		{"a batch with a wrong id", "AWS.SimpleQueueService.InvalidBatchEntryId", "", batch(entry("a:b", "x"))},
		{"a batch with an id of 81 characters", "AWS.SimpleQueueService.InvalidBatchEntryId", "", batch(entry(strings.Repeat("a", 81), "x"))},
		{"a batch with an empty message", "MissingParameter", "it accepts them", batch(entry("a", ""))},
		{"a batch delete of 11", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "it accepts 1 and 10 for the same id",
			func(t *testing.T, _ backend, q testQueue) error {
				var all []types.DeleteMessageBatchRequestEntry
				for i := range 11 {
					all = append(all, types.DeleteMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: aws.String("h")})
				}
				_, err := q.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{QueueUrl: q.url, Entries: all})
				return err
			}},
	})
}

func TestSQSReceiveLimits(t *testing.T) {
	receive := func(in sqs.ReceiveMessageInput) queueCall {
		return func(t *testing.T, _ backend, q testQueue) error {
			in.QueueUrl = q.url
			_, err := q.ReceiveMessage(t.Context(), &in)
			return err
		}
	}
	// received sends and receives a message, and passes its receipt handle to try.
	received := func(try func(t *testing.T, b backend, q testQueue, handle string) error) queueCall {
		return func(t *testing.T, b backend, q testQueue) error {
			q.send(t, "x")
			return try(t, b, q, *q.receiveOne(t).ReceiptHandle)
		}
	}
	tryLimits(t, []limit{
		{"receiving 10 messages", "", "", receive(sqs.ReceiveMessageInput{MaxNumberOfMessages: 10})},
		{"receiving 11 messages", "InvalidParameterValue", "", receive(sqs.ReceiveMessageInput{MaxNumberOfMessages: 11})},
		{"waiting 21 seconds", "InvalidParameterValue", "", receive(sqs.ReceiveMessageInput{WaitTimeSeconds: 21})},
		{"hiding for 43,200 seconds", "", "", receive(sqs.ReceiveMessageInput{VisibilityTimeout: 43_200})},
		{"hiding for 43,201 seconds", "InvalidParameterValue", "", receive(sqs.ReceiveMessageInput{VisibilityTimeout: 43_201})},
		{"receiving with an unknown attribute", "InvalidAttributeName", "it ignores them", receive(sqs.ReceiveMessageInput{
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{"Nonsense"},
		})},
		{"hiding a received message for 43,201 seconds", "InvalidParameterValue", "",
			received(func(t *testing.T, _ backend, q testQueue, handle string) error { return q.hide(t, handle, 43_201) })},
		{"hiding a deleted message", "InvalidParameterValue", "its code is ReceiptHandleIsInvalid",
			received(func(t *testing.T, _ backend, q testQueue, handle string) error {
				if err := q.delete(t, handle); err != nil {
					t.Fatal(err)
				}
				return q.hide(t, handle, 10)
			})},
		{"hiding a message that is visible again", "AWS.SimpleQueueService.MessageNotInflight", "it hides it",
			received(func(t *testing.T, _ backend, q testQueue, handle string) error {
				if err := q.hide(t, handle, 0); err != nil {
					t.Fatal(err)
				}
				return q.hide(t, handle, 10)
			})},
		{"deleting with an invalid handle", "ReceiptHandleIsInvalid", "",
			func(t *testing.T, _ backend, q testQueue) error { return q.delete(t, "nonsense") }},
		{"deleting with another queue's handle", "ReceiptHandleIsInvalid", "",
			received(func(t *testing.T, b backend, _ testQueue, handle string) error {
				return newQueue(t, b, "other").delete(t, handle)
			})},
	})
}
