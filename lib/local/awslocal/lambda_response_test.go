package awslocal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
)

func TestPartialBatchResponses(t *testing.T) {
	everything := []string{"a", "b", "c"}
	tests := []struct {
		name   string
		report bool
		answer func(ids map[string]string) (string, error) // gets message IDs by body
		stay   []string                                    // bodies of the messages that are not deleted
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
		{"an identifier in another case", true, func(map[string]string) (string, error) { return `{"batchItemFailures":[{"ItemIdentifier":"a"}]}`, nil }, everything, "PROBLEM: Function call failed"},
		{"failures in another case", true, func(map[string]string) (string, error) { return `{"BatchItemFailures":[{"itemIdentifier":""}]}`, nil }, nil, "OK"},
		{"no identifier", true, func(map[string]string) (string, error) { return `{"batchItemFailures":[{"id":"a"}]}`, nil }, everything, "PROBLEM: Function call failed"},
		{"an unknown identifier", true, func(ids map[string]string) (string, error) { return failing(ids["a"], "another"), nil }, everything, "PROBLEM: Function call failed"},
		{"no JSON", true, func(map[string]string) (string, error) { return "all is well", nil }, everything, "PROBLEM: Function call failed"},
		{"other JSON", true, func(map[string]string) (string, error) { return `"all is well"`, nil }, everything, "PROBLEM: Function call failed"},
		{"failures without reports", false, func(ids map[string]string) (string, error) { return failing(ids["a"]), nil }, nil, "OK"},
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
			waitFor(t, func() bool { return m.backend.server.LastBatch(id) != "No records processed" })
			if got := m.backend.server.LastBatch(id); got != tt.result {
				t.Errorf("last result %q, want %q", got, tt.result)
			}
			m.waitForCounts(t, 0, len(tt.stay))
			m.enable(t, id, false)
			m.backend.server.Advance(30 * time.Second) // the visibility timeout
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

func TestFailedMessagesAreRetriedAndBecomeDeadLetters(t *testing.T) {
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

	// events with dead letters contain the queue they come from
	deadConsumer := new(consumer)
	if _, err := m.backend.server.AddFunction(awslocal.Function{Name: "dead-consumer", Handler: deadConsumer.handle}); err != nil {
		t.Fatal(err)
	}
	deadARN := dead.arn(t)
	m.created(t, func(in *lambda.CreateEventSourceMappingInput) {
		in.EventSourceArn, in.FunctionName = &deadARN, aws.String("dead-consumer")
	})
	waitFor(t, func() bool { return len(deadConsumer.raw()) == 1 })
	if want := `"DeadLetterQueueSourceArn":"` + m.queueARN + `"`; !bytes.Contains(deadConsumer.raw()[0], []byte(want)) {
		t.Errorf("event %s, want %s", deadConsumer.raw()[0], want)
	}
}
