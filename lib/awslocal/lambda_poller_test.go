package awslocal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/awslocal"
)

// consumer is a function that keeps the events it gets, and answers as it is told.
type consumer struct {
	mu     sync.Mutex
	events [][]byte
	answer func(events.SQSEvent) (string, error) // nil: nothing at all
	open   chan struct{}                         // while not nil and not closed, invocations wait
}

func (c *consumer) handle(ctx context.Context, payload []byte) ([]byte, error) {
	var event events.SQSEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.events = append(c.events, slices.Clone(payload))
	answer, open := c.answer, c.open
	c.mu.Unlock()
	if open != nil {
		select {
		case <-open:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if answer == nil {
		return nil, nil
	}
	text, err := answer(event)
	return []byte(text), err
}

// raw are the payloads so far.
func (c *consumer) raw() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.events)
}

// batches are the bodies of the messages of each event so far.
func (c *consumer) batches(t *testing.T) [][]string {
	t.Helper()
	var all [][]string
	for _, payload := range c.raw() {
		var event events.SQSEvent
		if err := json.Unmarshal(payload, &event); err != nil {
			t.Fatal(err)
		}
		var bodies []string
		for _, r := range event.Records {
			bodies = append(bodies, r.Body)
		}
		all = append(all, bodies)
	}
	return all
}

// consume starts an embedded AWS with a queue "q" of attributes and the consumer as function "f".
func consume(t *testing.T, c *consumer, attributes ...string) mappings {
	t.Helper()
	b := startBackend(t)
	arn, err := b.server.AddFunction(awslocal.Function{Name: "f", Handler: c.handle, Timeout: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	q := newQueue(t, b, "q", attributes...)
	m := mappings{lambda.NewFromConfig(b.config), q, q.arn(t), arn, b}
	return m
}

func (m mappings) enable(t *testing.T, id string, on bool) {
	t.Helper()
	if _, err := m.update(t, lambda.UpdateEventSourceMappingInput{UUID: &id, Enabled: &on}); err != nil {
		t.Fatal(err)
	}
	m.settled(t, id)
}

func (m mappings) waitForCounts(t *testing.T, visible, inFlight int) {
	t.Helper()
	want := [3]string{strconv.Itoa(visible), strconv.Itoa(inFlight), "0"}
	waitFor(t, func() bool { return m.queue.counts(t) == want })
}

func disabledAtFirst(in *lambda.CreateEventSourceMappingInput) { in.Enabled = aws.Bool(false) }

func reporting(in *lambda.CreateEventSourceMappingInput) {
	in.FunctionResponseTypes = []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}
}

func batchOf(size, windowSeconds int32) func(*lambda.CreateEventSourceMappingInput) {
	return func(in *lambda.CreateEventSourceMappingInput) {
		in.BatchSize, in.MaximumBatchingWindowInSeconds = &size, &windowSeconds
	}
}

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
		t.Errorf("%s: want the body as AWS writes it, with no more escapes than JSON needs", payload)
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
		t.Fatalf("batches %v before the window is over, want none", got)
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
	const limit = 6 * 1024 * 1024
	c := new(consumer)
	m := consume(t, c, "VisibilityTimeout", "43200")
	id := m.created(t, disabledAtFirst, batchOf(100, 1))
	// quotation marks take two bytes in JSON: three of these messages fill an event, though seven bodies would
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
		t.Errorf("the largest event has %d bytes, want it filled as far as it goes", largest)
	}
}

func TestParallelBatches(t *testing.T) {
	tests := []struct {
		name   string
		change func(*lambda.CreateEventSourceMappingInput)
		want   int
	}{
		{"five", func(*lambda.CreateEventSourceMappingInput) {}, 5},
		{"the maximum concurrency", func(in *lambda.CreateEventSourceMappingInput) {
			in.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(2)}
		}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &consumer{open: make(chan struct{})}
			m := consume(t, c)
			m.queue.send(t, "1", "2", "3", "4", "5", "6", "7", "8")
			m.created(t, batchOf(1, 0), tt.change)
			m.waitForCounts(t, 8-tt.want, tt.want)
			waitFor(t, func() bool { return len(c.raw()) == tt.want })
			close(c.open)
			m.waitForCounts(t, 0, 0)
			if got := len(c.raw()); got != 8 {
				t.Errorf("%d invocations, want 8", got)
			}
		})
	}
}

func TestPartialBatchResponses(t *testing.T) {
	everything := []string{"a", "b", "c"}
	tests := []struct {
		name   string
		report bool
		answer func(ids map[string]string) (string, error) // of ids by body
		stay   []string
		result string
	}{
		{"nothing", true, func(map[string]string) (string, error) { return "", nil }, nil, "OK"},
		{"null", true, func(map[string]string) (string, error) { return "null", nil }, nil, "OK"},
		{"an empty object", true, func(map[string]string) (string, error) { return "{}", nil }, nil, "OK"},
		{"no failures", true, func(map[string]string) (string, error) { return `{"batchItemFailures":[]}`, nil }, nil, "OK"},
		{"null failures", true, func(map[string]string) (string, error) { return `{"batchItemFailures":null}`, nil }, nil, "OK"},
		{"one failure", true, func(ids map[string]string) (string, error) { return failing(ids["b"]), nil }, []string{"b"}, "OK"},
		{"all failures", true, func(ids map[string]string) (string, error) { return failing(ids["a"], ids["b"], ids["c"]), nil }, everything, "OK"},
		{"an error", true, func(map[string]string) (string, error) { return "", errors.New("no") }, everything, "PROBLEM: Function call failed"},
		{"an empty identifier", true, func(ids map[string]string) (string, error) { return failing(ids["a"], ""), nil }, everything, "PROBLEM: Function call failed"},
		{"a null identifier", true, func(map[string]string) (string, error) { return `{"batchItemFailures":[{"itemIdentifier":null}]}`, nil }, everything, "PROBLEM: Function call failed"},
		{"no identifier", true, func(map[string]string) (string, error) { return `{"batchItemFailures":[{"id":"a"}]}`, nil }, everything, "PROBLEM: Function call failed"},
		{"an unknown identifier", true, func(ids map[string]string) (string, error) { return failing(ids["a"], "another"), nil }, everything, "PROBLEM: Function call failed"},
		{"no JSON", true, func(map[string]string) (string, error) { return "all is well", nil }, everything, "PROBLEM: Function call failed"},
		{"other JSON", true, func(map[string]string) (string, error) { return `"all is well"`, nil }, everything, "PROBLEM: Function call failed"},
		{"failures that nobody asked for", false, func(ids map[string]string) (string, error) { return failing(ids["a"]), nil }, nil, "OK"},
		{"an error without reports", false, func(map[string]string) (string, error) { return "", errors.New("no") }, everything, "PROBLEM: Function call failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := &consumer{answer: func(event events.SQSEvent) (string, error) {
				ids := make(map[string]string)
				for _, r := range event.Records {
					ids[r.Body] = r.MessageId
				}
				return tt.answer(ids)
			}}
			m := consume(t, c)
			m.queue.send(t, everything...)
			changes := []func(*lambda.CreateEventSourceMappingInput){batchOf(3, 0)}
			if tt.report {
				changes = append(changes, reporting)
			}
			id := m.created(t, changes...)
			waitFor(t, func() bool { return *m.get(t, id).LastProcessingResult != "No records processed" })
			if got := *m.get(t, id).LastProcessingResult; got != tt.result {
				t.Errorf("last result %q, want %q", got, tt.result)
			}
			m.waitForCounts(t, 0, len(tt.stay))
			m.enable(t, id, false)
			m.backend.server.Advance(30 * time.Second) // the visibility time-out
			var stayed []string
			for _, message := range m.queue.receive(t) {
				stayed = append(stayed, *message.Body)
			}
			if diff := cmp.Diff(tt.stay, slices.Sorted(slices.Values(stayed))); diff != "" {
				t.Errorf("messages that stay (-want +got):\n%s", diff)
			}
		})
	}
}

func failing(ids ...string) string {
	var response events.SQSEventResponse
	for _, id := range ids {
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	text, err := json.Marshal(response)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestFailedMessagesComeAgainAndEndAsDeadLetters(t *testing.T) {
	c := &consumer{answer: func(events.SQSEvent) (string, error) { return "", errors.New("never") }}
	m := consume(t, c)
	dead := newQueue(t, m.backend, "dead")
	if err := m.queue.set(t, "RedrivePolicy", fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":2}`, dead.arn(t))); err != nil {
		t.Fatal(err)
	}
	m.created(t)
	m.queue.send(t, "poison")
	for count := 1; count <= 2; count++ {
		waitFor(t, func() bool { return len(c.raw()) == count })
		if want := fmt.Sprintf(`"ApproximateReceiveCount":"%d"`, count); !bytes.Contains(c.raw()[count-1], []byte(want)) {
			t.Errorf("event %s, want %s", c.raw()[count-1], want)
		}
		m.backend.server.Advance(30 * time.Second)
	}
	waitFor(t, func() bool { return dead.counts(t) == [3]string{"1", "0", "0"} })
	if got := len(c.raw()); got != 2 {
		t.Errorf("%d invocations, want 2", got)
	}

	// who reads the dead letters is told where they are from
	undertaker := new(consumer)
	if _, err := m.backend.server.AddFunction(awslocal.Function{Name: "undertaker", Handler: undertaker.handle}); err != nil {
		t.Fatal(err)
	}
	deadARN := dead.arn(t)
	m.created(t, func(in *lambda.CreateEventSourceMappingInput) {
		in.EventSourceArn, in.FunctionName = &deadARN, aws.String("undertaker")
	})
	waitFor(t, func() bool { return len(undertaker.raw()) == 1 })
	if want := `"DeadLetterQueueSourceArn":"` + m.queueARN + `"`; !bytes.Contains(undertaker.raw()[0], []byte(want)) {
		t.Errorf("event %s, want %s", undertaker.raw()[0], want)
	}
}

// A mapping that is switched off, or deleted, takes no more messages; what it has in flight is finished.
func TestStoppedMappingFinishesItsBatches(t *testing.T) {
	for _, how := range []string{"disabled", "deleted"} {
		t.Run(how, func(t *testing.T) {
			c := &consumer{open: make(chan struct{})}
			m := consume(t, c)
			id := m.created(t, batchOf(1, 0))
			m.queue.send(t, "before")
			waitFor(t, func() bool { return len(c.raw()) == 1 })
			if how == "deleted" {
				if _, err := m.delete(t, id); err != nil {
					t.Fatal(err)
				}
			} else {
				m.enable(t, id, false)
			}
			m.queue.send(t, "after")
			close(c.open)
			m.waitForCounts(t, 1, 0)
			if diff := cmp.Diff([][]string{{"before"}}, c.batches(t)); diff != "" {
				t.Errorf("batches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdatedMappingInvokesItsNewFunction(t *testing.T) {
	before, after := new(consumer), new(consumer)
	m := consume(t, before)
	if _, err := m.backend.server.AddFunction(awslocal.Function{Name: "g", Handler: after.handle}); err != nil {
		t.Fatal(err)
	}
	id := m.created(t)
	m.queue.send(t, "one")
	m.waitForCounts(t, 0, 0)
	if _, err := m.update(t, lambda.UpdateEventSourceMappingInput{UUID: &id, FunctionName: aws.String("g")}); err != nil {
		t.Fatal(err)
	}
	m.settled(t, id)
	m.queue.send(t, "two")
	m.waitForCounts(t, 0, 0)
	got := map[string][][]string{"f": before.batches(t), "g": after.batches(t)}
	if diff := cmp.Diff(map[string][][]string{"f": {{"one"}}, "g": {{"two"}}}, got); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestMappingOutlivesItsQueue(t *testing.T) {
	c := new(consumer)
	m := consume(t, c)
	id := m.created(t)
	if _, err := m.queue.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: m.queue.url}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		return strings.HasPrefix(*m.get(t, id).LastProcessingResult, "PROBLEM: The specified queue does not exist")
	})
	if got := *m.get(t, id).State; got != "Enabled" {
		t.Errorf("state %s, want Enabled", got)
	}
	m.backend.server.Advance(time.Minute) // the time a deleted name is blocked
	newQueue(t, m.backend, "q").send(t, "again")
	waitFor(t, func() bool {
		m.backend.server.Advance(time.Second)
		return len(c.raw()) == 1
	})
}

// A function that Lambda throttles, or that cannot be reached, leaves its messages to the visibility time-out.
func TestMappingBearsFaults(t *testing.T) {
	c := new(consumer)
	m := consume(t, c)
	remove := m.backend.server.Inject(awslocal.Fault{Service: "lambda", Operation: "Invoke", Times: 1,
		Status: http.StatusTooManyRequests, Code: "TooManyRequestsException", Message: "Rate Exceeded."})
	defer remove()
	id := m.created(t)
	m.queue.send(t, "patience")
	waitFor(t, func() bool { return *m.get(t, id).LastProcessingResult == "PROBLEM: Function call failed" })
	m.waitForCounts(t, 0, 1)
	m.backend.server.Advance(30 * time.Second)
	m.waitForCounts(t, 0, 0)
	if diff := cmp.Diff([][]string{{"patience"}}, c.batches(t)); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestKilledFunctionLosesNoMessage(t *testing.T) {
	c := &consumer{open: make(chan struct{})}
	m := consume(t, c)
	m.created(t)
	m.queue.send(t, "survivor")
	waitFor(t, func() bool { return len(c.raw()) == 1 })
	if n, err := m.backend.server.KillFunction("f"); n != 1 || err != nil {
		t.Fatalf("killed %d, %v, want 1", n, err)
	}
	m.waitForCounts(t, 0, 1)
	close(c.open)
	m.backend.server.Advance(30 * time.Second)
	m.waitForCounts(t, 0, 0)
	if got := c.batches(t); len(got) != 2 || !slices.Equal(got[0], got[1]) {
		t.Errorf("batches %v, want the same twice", got)
	}
}

func TestMappingToABinary(t *testing.T) {
	b := startBackend(t)
	var printed syncBuffer
	if _, err := b.server.AddFunction(awslocal.Function{Name: "f", Binary: bootstrapPath(t), Timeout: 30 * time.Second, Output: &printed}); err != nil {
		t.Fatal(err)
	}
	q := newQueue(t, b, "q")
	m := mappings{lambda.NewFromConfig(b.config), q, q.arn(t), "", b}
	m.created(t)
	q.send(t, "to a process")
	m.waitForCounts(t, 0, 0)
}

// Close ends what is in flight: it does not wait for the time-out.
func TestCloseEndsBatches(t *testing.T) {
	c := &consumer{open: make(chan struct{})}
	s, err := awslocal.Start(awslocal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	handle := func(ctx context.Context, payload []byte) ([]byte, error) {
		answer, err := c.handle(ctx, payload)
		ended <- err
		return answer, err
	}
	if _, err := s.AddFunction(awslocal.Function{Name: "f", Handler: handle, Timeout: 30 * time.Second}); err != nil {
		t.Fatal(err)
	}
	b := backend{name: "awslocal", config: s.Config(), account: "000000000000", server: s}
	q := newQueue(t, b, "q")
	m := mappings{lambda.NewFromConfig(b.config), q, q.arn(t), "", b}
	m.created(t)
	q.send(t, "in flight")
	waitFor(t, func() bool { return len(c.raw()) == 1 })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler ended with %v, want its context cancelled", err)
	}
}
