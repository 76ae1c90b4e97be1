package awslocal_test

import (
	"context"
	"encoding/json"
	"errors"
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
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// consumer is a function that records the events it gets.
type consumer struct {
	mu     sync.Mutex
	events [][]byte
	answer func(events.SQSEvent) (string, error) // returns the response; if nil, the response is empty
	open   chan struct{}                         // invocations wait until it is closed, unless it is nil
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

// raw returns the payloads so far.
func (c *consumer) raw() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.events)
}

// batches returns the message bodies of every event so far.
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

// consume starts an embedded AWS with a queue "q" with attributes, and the consumer as function "f".
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

// TestStoppedMappingFinishesItsBatches checks that a mapping that is disabled or deleted receives no more messages, but that batches in
// flight are still processed.
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

// TestStoppedMappingProcessesHeldMessages checks that a mapping that is stopped still processes messages that it has received but that did
// not fit into a batch, and that it receives no others.
func TestStoppedMappingProcessesHeldMessages(t *testing.T) {
	c := &consumer{open: make(chan struct{})}
	m := consume(t, c)
	id := m.created(t, disabledAtFirst, batchOf(100, 1), func(in *lambda.CreateEventSourceMappingInput) {
		in.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(2)}
	})
	const sent, received = 11, 10 // in one receive; three fill an event, so two batches are in flight and four messages are held
	for range sent {
		m.queue.send(t, strings.Repeat(`"`, 900_000))
	}
	m.enable(t, id, true)
	waitFor(t, func() bool { return len(c.raw()) == 2 })
	m.waitForCounts(t, sent-received, received)
	m.enable(t, id, false)
	m.queue.send(t, "after")
	close(c.open)
	m.waitForCounts(t, sent-received+1, 0)
	if got := len(slices.Concat(c.batches(t)...)); got != received {
		t.Errorf("%d messages processed, want %d", got, received)
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
		return strings.HasPrefix(m.backend.server.LastBatch(id), "PROBLEM: The specified queue does not exist")
	})
	if got := *m.get(t, id).State; got != "Enabled" {
		t.Errorf("state %s, want Enabled", got)
	}
	m.backend.server.Advance(time.Minute) // the name of a deleted queue is blocked for this long
	newQueue(t, m.backend, "q").send(t, "again")
	waitFor(t, func() bool {
		m.backend.server.Advance(time.Second)
		return len(c.raw()) == 1
	})
}

// TestMappingRetriesAfterFaults checks that messages are processed again after the visibility timeout if Lambda throttles the function or
// the call gets lost.
func TestMappingRetriesAfterFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault awslocal.Fault
		want  [][]string // the batches until the message is deleted
	}{
		{"a throttle", awslocal.Fault{Status: http.StatusTooManyRequests, Code: "TooManyRequestsException", Message: "Rate Exceeded."}, [][]string{{"patience"}}},
		{"a lost call", awslocal.Fault{Drop: awslocal.DropBefore}, [][]string{{"patience"}}},
		{"a lost response", awslocal.Fault{Drop: awslocal.DropAfter}, [][]string{{"patience"}, {"patience"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := new(consumer)
			m := consume(t, c)
			tt.fault.Service, tt.fault.Operation, tt.fault.Times = "lambda", "Invoke", 1
			m.backend.server.Inject(tt.fault)
			id := m.created(t)
			m.queue.send(t, "patience")
			waitFor(t, func() bool { return m.backend.server.LastBatch(id) == "PROBLEM: Function call failed" })
			m.waitForCounts(t, 0, 1)
			m.backend.server.Advance(30 * time.Second)
			m.waitForCounts(t, 0, 0)
			if diff := cmp.Diff(tt.want, c.batches(t)); diff != "" {
				t.Errorf("batches (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMappingWaitsForSlowCalls delays calls on the Server's clock.
func TestMappingWaitsForSlowCalls(t *testing.T) {
	const delay = 10 * time.Second
	c := new(consumer)
	m := consume(t, c, "VisibilityTimeout", "43200")
	m.backend.server.Inject(awslocal.Fault{Service: "lambda", Operation: "Invoke", Delay: delay})
	m.created(t)
	m.queue.send(t, "slow")
	m.waitForCounts(t, 0, 1)
	waitFor(t, func() bool {
		m.backend.server.Advance(delay)
		return m.queue.counts(t) == [3]string{"0", "0", "0"}
	})
	if diff := cmp.Diff([][]string{{"slow"}}, c.batches(t)); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestKilledFunctionLosesNoMessages(t *testing.T) {
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
	var printed localtest.Buffer
	if _, err := b.server.AddFunction(awslocal.Function{Name: "f", Binary: bootstrapPath(t), Timeout: 30 * time.Second, Output: &printed}); err != nil {
		t.Fatal(err)
	}
	q := newQueue(t, b, "q")
	m := mappings{lambda.NewFromConfig(b.config), q, q.arn(t), "", b}
	m.created(t)
	q.send(t, "to a process")
	m.waitForCounts(t, 0, 0)
}

// TestCloseEndsBatches checks that Close cancels running invocations and does not wait for their timeout.
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
		t.Errorf("the handler ended with %v, want context.Canceled", err)
	}
}
