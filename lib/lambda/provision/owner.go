package provision

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
)

// A drain is a stream, a queue and a mapping with the right names. They belong to this stack in the following cases:
//
//   - A queue belongs to the stack if its tags say so, because any queue of the account may have the name.
//   - A stream has no tags. It belongs to the stack if it is in the stack's own log group, which CloudFormation created, and its name is the prefix and an app's name.
//   - A mapping belongs to the stack if it calls the stack's storage function.

// owns reports whether a queue belongs to an app's drain of this stack. Older versions did not set TagStack: their queues are recognized by
// the stack's dead-letter queue, which no other stack's queues use. Put tags them.
func (m *Manager) owns(app string, q *queue) bool {
	if q == nil {
		return false
	}
	if named, ok := q.tags[drain.TagApp]; ok && named != app {
		return false
	}
	if stack, ok := q.tags[drain.TagStack]; ok {
		return stack == m.cfg.Stack && q.tags[drain.TagApp] == app
	}
	var policy redrivePolicy
	err := json.Unmarshal([]byte(q.attributes[string(types.QueueAttributeNameRedrivePolicy)]), &policy)
	return err == nil && policy.DeadLetterTargetARN == m.cfg.DeadLetterQueue.String()
}

// tagsSpread is how long it may take until IAM knows a queue's new tags. It takes seconds; AWS does not say how many.
const tagsSpread = time.Minute

// onceTagsAreKnown makes a call that the function's role is allowed to make only for queues with the stack's tag. It repeats the call while
// IAM does not know the tags of a new queue yet, and returns DrainBusy if that takes too long.
func (m *Manager) onceTagsAreKnown(ctx context.Context, app string, q *queue, call func() error) error {
	err := call()
	if !isDenied(err) || !q.adopted && !q.young(time.Now()) {
		return err
	}
	for _, pause := range retryPauses() {
		if err := clock.Sleep(ctx, pause); err != nil {
			return err
		}
		if err = call(); !isDenied(err) {
			return err
		}
	}
	return errBusy(app, "AWS does not know the tags of its new queue yet")
}

// young reports whether the queue is so new that IAM may not know its tags.
func (q *queue) young(now time.Time) bool {
	created, err := strconv.ParseInt(q.attributes[string(types.QueueAttributeNameCreatedTimestamp)], 10, 64)
	return err != nil || now.Before(time.Unix(created, 0).Add(tagsSpread)) // a queue that was created in this call has no time yet
}

// isDenied reports whether IAM denied a call.
func isDenied(err error) bool {
	refused, ok := errors.AsType[smithy.APIError](err)
	return ok && strings.HasPrefix(refused.ErrorCode(), "AccessDenied")
}
