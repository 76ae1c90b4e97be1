package awslocal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// TestSQSLimits goes to each limit, which must be fine, and beyond it, which must be refused with AWS's code.
func TestSQSLimits(t *testing.T) {
	var checks []check
	add := func(name, code, notMoto string, try func(t *testing.T, b backend, q testQueue) error) {
		checks = append(checks, check{name: name, notMoto: notMoto, run: func(t *testing.T, b backend) {
			err := try(t, b, newQueue(t, b, "q"))
			if code != "" {
				wantCode(t, err, code)
			} else if err != nil {
				t.Errorf("refused: %v", err)
			}
		}})
	}

	create := func(name string, attributes ...string) func(*testing.T, backend, testQueue) error {
		return func(t *testing.T, _ backend, q testQueue) error {
			_, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(name), Attributes: pairs(attributes...)})
			return err
		}
	}
	add("a name of 80 characters", "", "", create(strings.Repeat("n", 80)))
	add("a name of 81 characters", "InvalidParameterValue", "", create(strings.Repeat("n", 81)))
	add("a name with a dot", "InvalidParameterValue", "", create("a.b"))
	add("a FIFO queue", "AWS.SimpleQueueService.UnsupportedOperation", "it has FIFO queues", create("a.fifo", "FifoQueue", "true"))
	add("a queue with a KMS key", "AWS.SimpleQueueService.UnsupportedOperation", "it takes any key", create("a", "KmsMasterKeyId", "k"))
	add("a queue with an unknown attribute", "InvalidAttributeName", "it ignores them", create("a", "Nonsense", "1"))

	set := func(attributes ...string) func(*testing.T, backend, testQueue) error {
		return func(t *testing.T, _ backend, q testQueue) error { return q.set(t, attributes...) }
	}
	for _, a := range []struct {
		name      string
		low, high int
		notMoto   string
	}{
		{"VisibilityTimeout", 0, 43_200, "it takes any number"},
		{"MessageRetentionPeriod", 60, 1_209_600, "it takes any number"},
		{"MaximumMessageSize", 1_024, 1_048_576, "it takes any number when setting, and creates with 262,144 at most"},
		{"DelaySeconds", 0, 900, "it takes any number"},
		{"ReceiveMessageWaitTimeSeconds", 0, 20, "it takes any number"},
	} {
		add(fmt.Sprint(a.name, " ", a.low), "", "", set(a.name, fmt.Sprint(a.low)))
		add(fmt.Sprint(a.name, " ", a.high), "", "", set(a.name, fmt.Sprint(a.high)))
		add(fmt.Sprint(a.name, " ", a.low-1), "InvalidAttributeValue", a.notMoto, set(a.name, fmt.Sprint(a.low-1)))
		add(fmt.Sprint(a.name, " ", a.high+1), "InvalidAttributeValue", a.notMoto, set(a.name, fmt.Sprint(a.high+1)))
	}
	add("an attribute that is no number", "InvalidAttributeValue", "it answers 500", set("VisibilityTimeout", "soon"))
	add("SqsManagedSseEnabled that is no boolean", "InvalidAttributeValue", "it takes any text", set("SqsManagedSseEnabled", "yes"))
	add("setting what is read-only", "InvalidAttributeName", "it takes them", set("QueueArn", "arn:aws:sqs:us-east-1:000000000000:x"))
	add("reading an unknown attribute", "InvalidAttributeName", "", func(t *testing.T, _ backend, q testQueue) error {
		_, err := q.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: q.url, AttributeNames: []types.QueueAttributeName{"Nonsense"}})
		return err
	})

	send := func(in sqs.SendMessageInput) func(*testing.T, backend, testQueue) error {
		return func(t *testing.T, _ backend, q testQueue) error {
			in.QueueUrl = q.url
			_, err := q.SendMessage(t.Context(), &in)
			return err
		}
	}
	body := func(s string) sqs.SendMessageInput { return sqs.SendMessageInput{MessageBody: &s} }
	const mib = 1_048_576
	add("a message of 1 MiB", "", "", send(body(strings.Repeat("x", mib))))
	add("a message of 1 MiB and 1 byte", "InvalidParameterValue", "", send(body(strings.Repeat("x", mib+1))))
	add("a message is measured in bytes", "InvalidParameterValue", "it counts characters", send(body(strings.Repeat("é", mib/2)+"x")))
	add("a message of 1 MiB with its attributes", "InvalidParameterValue", "it does not count attributes", send(sqs.SendMessageInput{
		MessageBody: aws.String(strings.Repeat("x", mib-len("aStringv")+1)),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"a": {DataType: aws.String("String"), StringValue: aws.String("v")},
		},
	}))
	add("a message above the queue's own limit", "InvalidParameterValue", "", func(t *testing.T, b backend, q testQueue) error {
		if err := q.set(t, "MaximumMessageSize", "1024"); err != nil {
			t.Fatal(err)
		}
		return send(body(strings.Repeat("x", 1025)))(t, b, q)
	})
	add("an empty message", "MissingParameter", "it takes them", send(body("")))
	for _, c := range []struct{ name, text string }{
		{"NUL", "\x00"}, {"escape, as in ANSI colours", "\x1b[31m"}, {"U+000B", "\v"}, {"U+FFFE", "\uFFFE"}, {"U+FFFF", "\uFFFF"},
	} {
		add("a message with "+c.name, "InvalidMessageContents", "it takes every character", send(body(c.text)))
	}
	add("a message with the last of the allowed characters", "", "", send(body("\t\n\r\uD7FF\uE000\uFFFD\U00010000\U0010FFFF")))
	add("a delay of 901 seconds", "InvalidParameterValue", "", send(sqs.SendMessageInput{MessageBody: aws.String("x"), DelaySeconds: 901}))
	add("11 message attributes", "InvalidParameterValue", "it takes any number", func(t *testing.T, b backend, q testQueue) error {
		in := body("x")
		in.MessageAttributes = make(map[string]types.MessageAttributeValue)
		for i := range 11 {
			in.MessageAttributes[fmt.Sprint("a", i)] = types.MessageAttributeValue{DataType: aws.String("Number"), StringValue: aws.String("1")}
		}
		return send(in)(t, b, q)
	})
	for _, a := range []struct {
		name, attribute string
		value           types.MessageAttributeValue
		code            string
		notMoto         string
	}{
		{"with a reserved name", "AWS.x", types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String("v")}, "InvalidParameterValue", "it takes them"},
		{"with a wrong name", "a b", types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String("v")}, "InvalidParameterValue", ""},
		{"without a value", "a", types.MessageAttributeValue{DataType: aws.String("String")}, "InvalidParameterValue", "it takes them"},
		{"with an unknown type", "a", types.MessageAttributeValue{DataType: aws.String("Text"), StringValue: aws.String("v")}, "InvalidParameterValue", ""},
		{"with a control character", "a", types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String("\x1b")}, "InvalidMessageContents", "it takes them"},
	} {
		in := body("x")
		in.MessageAttributes = map[string]types.MessageAttributeValue{a.attribute: a.value}
		add("a message attribute "+a.name, a.code, a.notMoto, send(in))
	}

	sendBatch := func(entries ...types.SendMessageBatchRequestEntry) func(*testing.T, backend, testQueue) error {
		return func(t *testing.T, _ backend, q testQueue) error {
			_, err := q.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: q.url, Entries: entries})
			return err
		}
	}
	entry := func(id, body string) types.SendMessageBatchRequestEntry {
		return types.SendMessageBatchRequestEntry{Id: aws.String(id), MessageBody: aws.String(body)}
	}
	entries := func(n int) (all []types.SendMessageBatchRequestEntry) {
		for i := range n {
			all = append(all, entry(fmt.Sprint(i), "x"))
		}
		return all
	}
	half := strings.Repeat("x", mib/2)
	add("a batch of 10", "", "", sendBatch(entries(10)...))
	add("a batch of 11", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "", sendBatch(entries(11)...))
	add("a batch of none", "AWS.SimpleQueueService.EmptyBatchRequest", "", sendBatch([]types.SendMessageBatchRequestEntry{}...))
	add("a batch of 1 MiB", "", "", sendBatch(entry("a", half), entry("b", half)))
	add("a batch of 1 MiB and 1 byte", "AWS.SimpleQueueService.BatchRequestTooLong", "", sendBatch(entry("a", half), entry("b", half+"x")))
	add("a batch with an id twice", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "", sendBatch(entry("a", "x"), entry("a", "y")))
	add("a batch with a wrong id", "AWS.SimpleQueueService.InvalidBatchEntryId", "", sendBatch(entry("a:b", "x")))
	add("a batch with an empty message", "MissingParameter", "it takes them", sendBatch(entry("a", "")))
	add("a batch delete of 11", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "it takes 1 and 10 for the same id", func(t *testing.T, _ backend, q testQueue) error {
		var all []types.DeleteMessageBatchRequestEntry
		for i := range 11 {
			all = append(all, types.DeleteMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: aws.String("h")})
		}
		_, err := q.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{QueueUrl: q.url, Entries: all})
		return err
	})

	receive := func(in sqs.ReceiveMessageInput) func(*testing.T, backend, testQueue) error {
		return func(t *testing.T, _ backend, q testQueue) error {
			in.QueueUrl = q.url
			_, err := q.ReceiveMessage(t.Context(), &in)
			return err
		}
	}
	add("receiving 11 messages", "InvalidParameterValue", "", receive(sqs.ReceiveMessageInput{MaxNumberOfMessages: 11}))
	add("waiting 21 seconds", "InvalidParameterValue", "", receive(sqs.ReceiveMessageInput{WaitTimeSeconds: 21}))
	add("hiding for 43,201 seconds", "InvalidParameterValue", "", receive(sqs.ReceiveMessageInput{VisibilityTimeout: 43_201}))
	add("receiving with an unknown attribute", "InvalidAttributeName", "it ignores them", receive(sqs.ReceiveMessageInput{
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"Nonsense"},
	}))
	add("hiding a received message for 43,201 seconds", "InvalidParameterValue", "", func(t *testing.T, _ backend, q testQueue) error {
		q.send(t, "x")
		return q.hide(t, *q.receiveOne(t).ReceiptHandle, 43_201)
	})
	add("hiding a deleted message", "InvalidParameterValue", "its code is ReceiptHandleIsInvalid", func(t *testing.T, _ backend, q testQueue) error {
		q.send(t, "x")
		handle := *q.receiveOne(t).ReceiptHandle
		if err := q.delete(t, handle); err != nil {
			t.Fatal(err)
		}
		return q.hide(t, handle, 10)
	})
	add("hiding a message that is visible again", "AWS.SimpleQueueService.MessageNotInflight", "it hides it", func(t *testing.T, _ backend, q testQueue) error {
		q.send(t, "x")
		handle := *q.receiveOne(t).ReceiptHandle
		if err := q.hide(t, handle, 0); err != nil {
			t.Fatal(err)
		}
		return q.hide(t, handle, 10)
	})
	add("deleting by nonsense", "ReceiptHandleIsInvalid", "", func(t *testing.T, _ backend, q testQueue) error {
		return q.delete(t, "nonsense")
	})
	add("deleting by another queue's handle", "ReceiptHandleIsInvalid", "", func(t *testing.T, b backend, q testQueue) error {
		q.send(t, "x")
		return newQueue(t, b, "other").delete(t, *q.receiveOne(t).ReceiptHandle)
	})

	listQueues := func(size int32) func(*testing.T, backend, testQueue) error {
		return func(t *testing.T, _ backend, q testQueue) error {
			_, err := q.ListQueues(t.Context(), &sqs.ListQueuesInput{MaxResults: aws.Int32(size)})
			return err
		}
	}
	add("listing 1,000 queues", "", "", listQueues(1000))
	add("listing 1,001 queues", "InvalidParameterValue", "it ignores MaxResults", listQueues(1001))
	add("a queue URL of another shape", "InvalidAddress", "it looks for the last part as a name", func(t *testing.T, _ backend, q testQueue) error {
		return testQueue{q.Client, aws.String("q")}.set(t, "DelaySeconds", "1")
	})

	add("a queue URL without a host", "InvalidAddress", "it looks for the last part as a name", func(t *testing.T, b backend, q testQueue) error {
		return testQueue{q.Client, aws.String("/" + b.account + "/q")}.set(t, "DelaySeconds", "1")
	})

	tag := func(tags map[string]string) func(*testing.T, backend, testQueue) error {
		return func(t *testing.T, _ backend, q testQueue) error { return q.tag(t, tags) }
	}
	many := func(n int) map[string]string {
		tags := make(map[string]string)
		for i := range n {
			tags[fmt.Sprint("t", i)] = ""
		}
		return tags
	}
	add("50 tags", "", "", tag(many(50)))
	add("51 tags", "InvalidParameterValue", "", tag(many(51)))
	add("one tag to 50 others", "InvalidParameterValue", "it counts only the tags of the call", func(t *testing.T, _ backend, q testQueue) error {
		if err := q.tag(t, many(50)); err != nil {
			t.Fatal(err)
		}
		return q.tag(t, pairs("another", ""))
	})
	add("no tags", "MissingParameter", "", tag(map[string]string{}))
	add("a tag key of 129 characters", "InvalidParameterValue", "it takes any length", tag(pairs(strings.Repeat("k", 129), "")))
	add("a tag value of 257 characters", "InvalidParameterValue", "it takes any length", tag(pairs("k", strings.Repeat("v", 257))))
	add("a tag key of AWS's", "InvalidParameterValue", "it takes them", tag(pairs("aws:x", "")))
	add("a tag value with a star", "InvalidParameterValue", "it takes any character", tag(pairs("k", "*")))

	conform(t, checks)
}
