package awslocal_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const needsClock = "it has no clock to advance"

func TestSQSMessages(t *testing.T) {
	conform(t, []check{
		{name: "sent, received, deleted", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			body := "tab\tline\r\n \U0001F680 é " + strings.Repeat("x", 1000)
			q.send(t, body)
			m := q.receiveOne(t)
			if *m.Body != body {
				t.Errorf("body %q", *m.Body)
			}
			if got := q.counts(t); got != [3]string{"0", "1", "0"} {
				t.Errorf("in flight: %v", got)
			}
			if again := q.receive(t); len(again) > 0 {
				t.Errorf("received %d hidden messages", len(again))
			}
			if err := q.delete(t, *m.ReceiptHandle); err != nil {
				t.Error(err)
			}
			if got := q.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("after the delete: %v", got)
			}
			if err := q.delete(t, *m.ReceiptHandle); err != nil {
				t.Errorf("deleting again: %v", err)
			}
		}},
		{name: "system attributes", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			q.send(t, "x")
			m := q.receiveOne(t)
			for _, name := range []string{"SentTimestamp", "ApproximateFirstReceiveTimestamp"} {
				if _, err := strconv.ParseInt(m.Attributes[name], 10, 64); err != nil || len(m.Attributes[name]) != len("1500000000000") {
					t.Errorf("%s is not in milliseconds: %q", name, m.Attributes[name])
				}
			}
			if m.Attributes["ApproximateReceiveCount"] != "1" || m.Attributes["SenderId"] == "" || m.Attributes["DeadLetterQueueSourceArn"] != "" {
				t.Errorf("attributes %v", m.Attributes)
			}
		}},
		{name: "only requested attributes", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			q.send(t, "x")
			out, err := q.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: q.url})
			if err != nil || len(out.Messages) != 1 {
				t.Fatal(out, err)
			}
			if m := out.Messages[0]; len(m.Attributes)+len(m.MessageAttributes) > 0 {
				t.Errorf("attributes %v %v", m.Attributes, m.MessageAttributes)
			}
		}},
		{name: "message attributes with their checksum", run: func(t *testing.T, b backend) {
			text := func(s string) types.MessageAttributeValue {
				return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(s)}
			}
			// the checksums are those that AWS returns for these attributes
			for checksum, attributes := range map[string]map[string]types.MessageAttributeValue{
				"4c360f3fdafd970e05fae2f149d997f5": {"General": text("Kenobi"), "Hello": text("There"), "Help.Me": text("Me")},
				"8cbe4db156db8a94db8b801b7addb984": {"attr1": {
					DataType: aws.String("Binary"), BinaryValue: []byte("traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"),
				}},
			} {
				q := newQueue(t, b, "q"+checksum)
				sent, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{
					QueueUrl: q.url, MessageBody: aws.String("x"), MessageAttributes: attributes,
				})
				if err != nil {
					t.Fatal(err)
				}
				m := q.receiveOne(t)
				if diff := cmp.Diff(attributes, m.MessageAttributes, cmpopts.IgnoreUnexported(types.MessageAttributeValue{})); diff != "" {
					t.Error(diff)
				}
				if s, r := aws.ToString(sent.MD5OfMessageAttributes), aws.ToString(m.MD5OfMessageAttributes); s != checksum || r != checksum {
					t.Errorf("sent with %s, received with %s, want %s", s, r, checksum)
				}
			}
		}},
		{name: "every receive has its own handle", notMoto: "it deletes by an old handle", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			q.send(t, "x")
			first := q.receiveOne(t)
			if err := q.hide(t, *first.ReceiptHandle, 0); err != nil {
				t.Fatal(err)
			}
			second := q.receiveOne(t)
			if *first.ReceiptHandle == *second.ReceiptHandle || *first.MessageId != *second.MessageId {
				t.Errorf("handles %s and %s", *first.ReceiptHandle, *second.ReceiptHandle)
			}
			if got := second.Attributes["ApproximateReceiveCount"]; got != "2" {
				t.Errorf("receive count %s", got)
			}
			if err := q.delete(t, *first.ReceiptHandle); err != nil {
				t.Errorf("an old handle: %v", err)
			}
			if got := q.counts(t); got != [3]string{"0", "1", "0"} {
				t.Errorf("the old handle deleted the message: %v", got)
			}
			if err := q.delete(t, *second.ReceiptHandle); err != nil {
				t.Error(err)
			}
			if got := q.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("the new handle did not: %v", got)
			}
		}},
		{name: "a hidden message becomes visible after the visibility timeout", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q", "VisibilityTimeout", "60")
			q.send(t, "x")
			first := q.receiveOne(t)
			b.server.Advance(58 * time.Second)
			if early := q.receive(t); len(early) > 0 {
				t.Error("it became visible too early")
			}
			b.server.Advance(2 * time.Second)
			second := q.receiveOne(t)
			want := maps.Clone(first.Attributes)
			want["ApproximateReceiveCount"] = "2"
			if diff := cmp.Diff(want, second.Attributes); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "a handle can delete after the visibility timeout", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			q.send(t, "x")
			m := q.receiveOne(t)
			b.server.Advance(31 * time.Second)
			wantCode(t, q.hide(t, *m.ReceiptHandle, 10), "AWS.SimpleQueueService.MessageNotInflight")
			if err := q.delete(t, *m.ReceiptHandle); err != nil {
				t.Error(err)
			}
			if got := q.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("the queue has %v", got)
			}
		}},
		{name: "a receive has its own visibility timeout", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			q.send(t, "x")
			out, err := q.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: q.url, VisibilityTimeout: 120})
			if err != nil || len(out.Messages) != 1 {
				t.Fatal(out, err)
			}
			b.server.Advance(100 * time.Second)
			if early := q.receive(t); len(early) > 0 {
				t.Error("it became visible after the queue's timeout, not the receive's")
			}
			b.server.Advance(21 * time.Second)
			q.receiveOne(t)
		}},
		{name: "a visibility timeout ends 12 hours after the receive", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q", "VisibilityTimeout", "43200")
			q.send(t, "x")
			m := q.receiveOne(t)
			b.server.Advance(time.Hour)
			wantCode(t, q.hide(t, *m.ReceiptHandle, 43_200), "InvalidParameterValue")
			if err := q.hide(t, *m.ReceiptHandle, 30_000); err != nil {
				t.Error(err)
			}
		}},
		{name: "messages expire", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q", "MessageRetentionPeriod", "60")
			q.send(t, "old")
			b.server.Advance(30 * time.Second)
			q.send(t, "new")
			b.server.Advance(31 * time.Second)
			if m := q.receiveOne(t); *m.Body != "new" {
				t.Errorf("received %q", *m.Body)
			}
			b.server.Advance(30 * time.Second)
			if got := q.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("the queue has %v", got)
			}
		}},
		{name: "a shorter retention applies to existing messages", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			q.send(t, "x")
			b.server.Advance(50 * time.Second)
			if got := q.counts(t); got != [3]string{"1", "0", "0"} {
				t.Errorf("the queue has %v", got)
			}
			if err := q.set(t, "MessageRetentionPeriod", "60"); err != nil {
				t.Fatal(err)
			}
			b.server.Advance(11 * time.Second)
			if got := q.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("the queue has %v", got)
			}
		}},
		{name: "delayed messages", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q", "DelaySeconds", "900")
			q.send(t, "by the queue")
			if err := send(sqs.SendMessageInput{MessageBody: aws.String("its own"), DelaySeconds: 10})(t, b, q); err != nil {
				t.Fatal(err)
			}
			if got := q.counts(t); got != [3]string{"0", "0", "2"} {
				t.Errorf("the queue has %v", got)
			}
			b.server.Advance(11 * time.Second)
			if m := q.receiveOne(t); *m.Body != "its own" {
				t.Errorf("received %q", *m.Body)
			}
			b.server.Advance(890 * time.Second)
			bodies := []string{}
			for _, m := range q.receive(t) {
				bodies = append(bodies, *m.Body)
			}
			if diff := cmp.Diff([]string{"by the queue", "its own"}, bodies); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "batches", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			sent, err := q.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: q.url, Entries: []types.SendMessageBatchRequestEntry{
				{Id: aws.String("one"), MessageBody: aws.String("1")},
				{Id: aws.String("two"), MessageBody: aws.String("2")},
			}})
			if err != nil || len(sent.Successful) != 2 || len(sent.Failed) != 0 {
				t.Fatal(sent, err)
			}
			messages := q.receive(t)
			if len(messages) != 2 {
				t.Fatalf("received %d", len(messages))
			}
			hidden, err := q.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{
				QueueUrl: q.url,
				Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
					{Id: aws.String("a"), ReceiptHandle: messages[0].ReceiptHandle, VisibilityTimeout: 100},
					{Id: aws.String("b"), ReceiptHandle: aws.String("nonsense"), VisibilityTimeout: 100},
				},
			})
			if err != nil || len(hidden.Successful) != 1 || len(hidden.Failed) != 1 {
				t.Fatalf("visibility: %+v, %v", hidden, err)
			}
			if f := hidden.Failed[0]; *f.Id != "b" || *f.Code != "ReceiptHandleIsInvalid" || !f.SenderFault {
				t.Errorf("failed: %s %s %t", *f.Id, *f.Code, f.SenderFault)
			}
			deleted, err := q.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{
				QueueUrl: q.url,
				Entries: []types.DeleteMessageBatchRequestEntry{
					{Id: aws.String("a"), ReceiptHandle: messages[0].ReceiptHandle},
					{Id: aws.String("b"), ReceiptHandle: messages[1].ReceiptHandle},
				},
			})
			if err != nil || len(deleted.Successful) != 2 {
				t.Errorf("delete: %+v, %v", deleted, err)
			}
			if got := q.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("the queue has %v", got)
			}
		}},
		{name: "an invalid message in a batch does not affect the others", notMoto: "its SenderFault is text, which SDKs cannot read", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			sent, err := q.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: q.url, Entries: []types.SendMessageBatchRequestEntry{
				{Id: aws.String("good"), MessageBody: aws.String("1")},
				{Id: aws.String("color"), MessageBody: aws.String("\x1b[31mred")},
				{Id: aws.String("late"), MessageBody: aws.String("2"), DelaySeconds: 901},
			}})
			if err != nil {
				t.Fatal(err)
			}
			failed := make(map[string]string)
			for _, f := range sent.Failed {
				failed[*f.Id] = *f.Code
			}
			if diff := cmp.Diff(map[string]string{"color": "InvalidMessageContents", "late": "InvalidParameterValue"}, failed); diff != "" {
				t.Error(diff)
			}
			if m := q.receiveOne(t); *m.Body != "1" {
				t.Errorf("received %q", *m.Body)
			}
		}},
	})
}

func TestLongPolling(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	q := newQueue(t, b, "q", "ReceiveMessageWaitTimeSeconds", "20")
	received := make(chan []types.Message, 1)
	receive := func() {
		out, err := q.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: q.url})
		if err != nil {
			t.Error(err)
			out = &sqs.ReceiveMessageOutput{}
		}
		received <- out.Messages
	}
	t.Run("ends with a message", func(t *testing.T) {
		go receive()
		q.send(t, "x")
		if got := <-received; len(got) != 1 {
			t.Errorf("received %d messages", len(got))
		}
	})
	t.Run("ends without one", func(t *testing.T) {
		go receive()
		var got []types.Message
		waitFor(t, func() bool {
			b.server.Advance(20 * time.Second) // repeatedly, because the receive may start after an advance
			select {
			case got = <-received:
				return true
			default:
				return false
			}
		})
		if len(got) > 1 { // the one from above may be visible again
			t.Errorf("received %d messages", len(got))
		}
	})
}
