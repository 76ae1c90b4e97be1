package alertsfunction_test

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/local/localtest"
)

// work is what a function has to do: it says when a test may advance the clock.
type work struct {
	mu      sync.Mutex
	running int
	failed  map[string]bool // messages that the function left in the queue
}

// watch returns a function's handler that keeps account of its work.
func (w *work) watch(handle func(context.Context, []byte) ([]byte, error)) func(context.Context, []byte) ([]byte, error) {
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		var batch events.SQSEvent
		_ = json.Unmarshal(payload, &batch) // a request has no messages
		w.change(+1, batch, false)
		answer, err := handle(ctx, payload)
		var response events.SQSEventResponse
		_ = json.Unmarshal(answer, &response) // an invocation that was ended has none
		left := events.SQSEvent{}
		for _, failure := range response.BatchItemFailures {
			left.Records = append(left.Records, events.SQSMessage{MessageId: failure.ItemIdentifier})
		}
		if err != nil || ctx.Err() != nil {
			left = batch
		}
		w.change(-1, left, true)
		return answer, err
	}
}

// change takes note of an invocation that begins or ends, and of whether messages are left in the queue.
func (w *work) change(running int, messages events.SQSEvent, failed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed == nil {
		w.failed = map[string]bool{}
	}
	w.running += running
	for _, m := range messages.Records {
		if delete(w.failed, m.MessageId); failed {
			w.failed[m.MessageId] = true
		}
	}
}

// idle reports whether nothing happens until the clock is advanced: no invocation runs, and none is about to begin.
func (s *system) idle(t *testing.T) bool {
	t.Helper()
	out, err := sqs.NewFromConfig(s.server.ObserverConfig()).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &s.queue, AttributeNames: []sqstypes.QueueAttributeName{
			sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		},
	})
	localtest.Must(t, err)
	s.work.mu.Lock()
	defer s.work.mu.Unlock()
	return s.work.running == 0 && out.Attributes["ApproximateNumberOfMessages"] == "0" &&
		out.Attributes["ApproximateNumberOfMessagesNotVisible"] == strconv.Itoa(len(s.work.failed))
}
