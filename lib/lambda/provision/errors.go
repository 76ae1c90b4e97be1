package provision

import (
	"errors"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"heroku-drains/lib/drain"
)

// queueNameBlock is how long SQS blocks a queue's name after DeleteQueue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
const queueNameBlock = 60 * time.Second

// busyPause is for a mapping that Lambda is changing: that takes from a few seconds to a minute, and a client should not wait longer than
// necessary.
const busyPause = 5 * time.Second

func errBusy(app, why string) *drain.Error {
	return &drain.Error{
		Code:       drain.DrainBusy,
		Message:    fmt.Sprintf("the drain for %s cannot be changed now (%s); try again in a few seconds", app, why),
		RetryAfter: busyPause,
	}
}

func errReplaced(app, uuid string) *drain.Error {
	const message = "the drain for %s no longer has the event source mapping %s: it was deleted or created again in the meantime; nothing was deleted"
	return &drain.Error{Code: drain.DrainReplaced, Message: fmt.Sprintf(message, app, uuid)}
}

func (m *Manager) errNotOurs(app string) *drain.Error {
	const message = "the queue %s exists, but does not belong to this stack: its tags are not %s=%s and %s=%s. " +
		"If something else uses it, deploy this stack with another queuePrefix. If it is left over from this stack, give it these tags, or delete it"
	return &drain.Error{
		Code:    drain.QueueNotOurs,
		Message: fmt.Sprintf(message, m.cfg.Names.Queue(app), drain.TagApp, app, drain.TagStack, m.cfg.Stack),
	}
}

func errDeletedRecently(queue string) *drain.Error {
	const message = "the queue %s was deleted less than %d seconds ago; SQS blocks the name for %[2]d seconds after a delete; try again then"
	return &drain.Error{
		Code:       drain.QueueDeletedRecently,
		Message:    fmt.Sprintf(message, queue, queueNameBlock/time.Second),
		RetryAfter: queueNameBlock,
	}
}

// errStale means that a part changed between the lookup and the step that relied on it: another Put or Delete is running, or AWS's lists lag
// behind its resources. Another lookup helps.
var errStale = errors.New("the drain changed in the meantime")

func stale(err error) error { return fmt.Errorf("%w: %w", errStale, err) }

// is reports whether err is, or wraps, an AWS error of type E.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// hasCode reports whether err is, or wraps, an AWS error with this code.
func hasCode(err error, code string) bool {
	failure, ok := errors.AsType[smithy.APIError](err)
	return ok && failure.ErrorCode() == code
}
