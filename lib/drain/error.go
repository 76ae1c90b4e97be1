package drain

import (
	"fmt"
	"time"
)

// The codes of an Error: what an API's client can tell apart.
const (
	InvalidAppName       = "InvalidAppName"
	InvalidSettings      = "InvalidSettings"
	InvalidNext          = "InvalidNext"
	NotFound             = "NotFound"
	DrainBusy            = "DrainBusy"
	QueueDeletedRecently = "QueueDeletedRecently"
)

// Error is a refusal that the caller can do something about; the message says what. Every other error of this package is AWS's.
type Error struct {
	Code       string
	Message    string
	RetryAfter time.Duration // the same call is worth another try after this time; zero: it is not
}

// Error is the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// An AWS queue's name stays blocked for 60 seconds after DeleteQueue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
const queueNameBlock = 60 * time.Second

// busyPause suits a mapping in transit: it takes seconds up to a minute, and a client should not wait longer than needed.
const busyPause = 5 * time.Second

func busy(app, why string) *Error {
	return &Error{
		Code:       DrainBusy,
		Message:    fmt.Sprintf("the drain of %s is in transit (%s), and takes changes again in a few seconds", app, why),
		RetryAfter: busyPause,
	}
}

func deletedRecently(queue string) *Error {
	const why = "the queue %s was deleted less than %d seconds ago, and SQS keeps its name blocked so long; then it can be made again"
	return &Error{Code: QueueDeletedRecently, Message: fmt.Sprintf(why, queue, queueNameBlock/time.Second), RetryAfter: queueNameBlock}
}
