package awslocal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
)

func TestEvent(t *testing.T) {
	c := new(consumer)
	m := consume(t, c)
	const body = `<a href="x">&` + "\n\u20ac"
	sent, err := m.queue.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: m.queue.url, MessageBody: aws.String(body),
		MessageAttributes: map[string]sqstypes.MessageAttributeValue{
			"Title": {DataType: aws.String("String"), StringValue: aws.String("The Whistler")},
			"Cover": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1, 2}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	m.created(t)
	m.waitForCounts(t, 0, 0)

	payload := c.raw()[0]
	if !bytes.Contains(payload, []byte(`<a href=\"x\">&\n€`)) {
		t.Errorf("%s: want the body as AWS encodes it, with no unnecessary escapes", payload)
	}
	var event struct{ Records []map[string]any }
	if err := json.Unmarshal(payload, &event); err != nil {
		t.Fatal(err)
	}
	record := event.Records[0]
	if record["receiptHandle"] == "" {
		t.Error("no receipt handle")
	}
	delete(record, "receiptHandle")
	attributes := record["attributes"].(map[string]any)
	for _, name := range []string{"SentTimestamp", "ApproximateFirstReceiveTimestamp"} {
		ms, err := strconv.ParseInt(attributes[name].(string), 10, 64)
		if err != nil || time.Since(time.UnixMilli(ms)).Abs() > time.Hour {
			t.Errorf("%s %v, want milliseconds since 1970", name, attributes[name])
		}
		delete(attributes, name)
	}
	want := map[string]any{
		"messageId":  *sent.MessageId,
		"body":       body,
		"attributes": map[string]any{"ApproximateReceiveCount": "1", "SenderId": "local"},
		"messageAttributes": map[string]any{
			"Title": map[string]any{"stringValue": "The Whistler", "stringListValues": []any{}, "binaryListValues": []any{}, "dataType": "String"},
			"Cover": map[string]any{"binaryValue": "AAEC", "stringListValues": []any{}, "binaryListValues": []any{}, "dataType": "Binary"},
		},
		"md5OfMessageAttributes": *sent.MD5OfMessageAttributes,
		"md5OfBody":              *sent.MD5OfMessageBody,
		"eventSource":            "aws:sqs",
		"eventSourceARN":         m.queueARN,
		"awsRegion":              "us-east-1",
	}
	if diff := cmp.Diff(want, record); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestBatchesAreLimited(t *testing.T) {
	c := new(consumer)
	m := consume(t, c)
	var want []string
	for i := range 25 {
		want = append(want, fmt.Sprint("message ", i))
	}
	m.queue.send(t, want...)
	m.created(t)
	m.waitForCounts(t, 0, 0)
	for _, batch := range c.batches(t) {
		if len(batch) > 10 {
			t.Errorf("a batch of %d, want at most 10", len(batch))
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(slices.Concat(c.batches(t)...)))); diff != "" {
		t.Errorf("messages processed (-want +got):\n%s", diff)
	}
}

func TestWindow(t *testing.T) {
	const window = 300
	c := new(consumer)
	m := consume(t, c, "VisibilityTimeout", "900")
	m.created(t, batchOf(12, window))

	m.queue.send(t, "a", "b", "c")
	m.waitForCounts(t, 0, 3)
	if got := c.batches(t); got != nil {
		t.Fatalf("batches %v before the end of the window, want none", got)
	}
	m.backend.server.Advance(window * time.Second)
	m.waitForCounts(t, 0, 0)
	if diff := cmp.Diff([][]string{{"a", "b", "c"}}, c.batches(t)); diff != "" {
		t.Errorf("batches after the window (-want +got):\n%s", diff)
	}

	// a full batch does not wait for the window
	var full []string
	for i := range 12 {
		full = append(full, fmt.Sprint(i))
	}
	m.queue.send(t, full...)
	m.waitForCounts(t, 0, 0)
	if got := c.batches(t)[1:]; len(got) != 1 || len(got[0]) != len(full) {
		t.Errorf("batches %v, want one of %d", got, len(full))
	}
}

func TestEventsStayUnder6MB(t *testing.T) {
	if testing.Short() {
		t.Skip("makes the largest events there are, as TestStoppedMappingProcessesHeldMessages does")
	}
	const limit = 6 * 1024 * 1024
	c := new(consumer)
	m := consume(t, c, "VisibilityTimeout", "43200")
	id := m.created(t, disabledAtFirst, batchOf(100, 1))
	// A quotation mark takes two bytes in JSON, so three of these messages fill an event. Unescaped, six would fit.
	for i := range 7 {
		m.queue.send(t, strconv.Itoa(i)+strings.Repeat(`"`, 900_000))
	}
	m.enable(t, id, true)
	waitFor(t, func() bool {
		m.backend.server.Advance(time.Second)
		return m.queue.counts(t) == [3]string{"0", "0", "0"}
	})
	var sizes []int
	messages := 0
	for _, payload := range c.raw() {
		sizes = append(sizes, len(payload))
		messages += bytes.Count(payload, []byte(`"messageId"`))
		if len(payload) > limit {
			t.Errorf("an event of %d bytes, want at most %d", len(payload), limit)
		}
	}
	if messages != 7 || len(sizes) < 3 {
		t.Errorf("%d messages in events of %v bytes, want 7 in at least 3", messages, sizes)
	}
	if largest := slices.Max(sizes); largest < 5_400_000 {
		t.Errorf("the largest event has %d bytes, want it filled with as many messages as fit", largest)
	}
}
