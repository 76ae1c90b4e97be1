package deadletters

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// taskPeriod is how often the state of a running task is read.
const taskPeriod = time.Second

// taskRunning and taskCompleted are states of a move task; the others are CANCELLING, CANCELLED and FAILED.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasksResultEntry.html
const (
	taskRunning   = "RUNNING"
	taskCompleted = "COMPLETED"
)

// Task is a move task of AWS.
type Task struct {
	Moved   int  // letters that it has moved
	Running bool // AWS continues it, even when this program ends
}

// TaskError means that AWS's move task ended before it had moved all letters. It stops at the first one whose queue does not exist.
type TaskError struct {
	State  string // such as FAILED
	Reason string // AWS's code for it; may be empty
}

// Error returns AWS's state and reason.
func (e *TaskError) Error() string {
	text := "AWS's move task ended with the state " + e.State
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// IsStopped reports whether an error of MoveAll means that a letter's queue does not exist: the task ended early, or AWS refused to start it
// because no queue has this one as its dead-letter queue.
func IsStopped(err error) bool {
	if _, ok := errors.AsType[*TaskError](err); ok {
		return true
	}
	refused, ok := errors.AsType[smithy.APIError](err)
	return ok && refused.ErrorCode() == "InvalidParameterValue"
}

// isUnsupported reports whether AWS has no move tasks in this Region, as in China: it does not support the operation, or does not know it.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html#API_StartMessageMoveTask_Errors
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
func isUnsupported(err error) bool {
	refused, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	switch strings.TrimPrefix(refused.ErrorCode(), "AWS.SimpleQueueService.") {
	case "UnsupportedOperation", "InvalidAction", "UnknownOperationException":
		return true
	}
	return false
}

// MoveAll makes AWS move every letter back to the queue it came from. A move task cannot be limited to one app: see Move for that. If a task
// is already running, MoveAll follows it instead of starting another one. It calls report with the progress, and waits with wait between two
// calls. If ctx ends, AWS continues the task.
func (q Queue) MoveAll(ctx context.Context, wait func(context.Context, time.Duration) error, report func(moved, total int)) (Task, error) {
	arn, err := q.arn(ctx)
	if err != nil {
		return Task{}, err
	}
	last, err := q.lastTask(ctx, arn)
	if err != nil {
		return Task{}, err
	}
	if aws.ToString(last.Status) != taskRunning {
		if _, err := q.Client.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &arn}); err != nil {
			return Task{}, fmt.Errorf("move the dead letters in %s: %w", q.URL, err)
		}
		if last, err = q.awaitTask(ctx, arn, last.StartedTimestamp, wait); err != nil {
			return Task{Running: true}, err
		}
	}
	for {
		task := Task{Moved: int(last.ApproximateNumberOfMessagesMoved)}
		report(task.Moved, int(aws.ToInt64(last.ApproximateNumberOfMessagesToMove)))
		switch state := aws.ToString(last.Status); state {
		case taskCompleted:
			return task, nil
		case taskRunning:
			task.Running = true
		default:
			return task, &TaskError{State: state, Reason: aws.ToString(last.FailureReason)}
		}
		if err := wait(ctx, taskPeriod); err != nil {
			return task, err
		}
		if last, err = q.lastTask(ctx, arn); err != nil {
			return task, err
		}
	}
}

// awaitTask returns the task that was started after the one with the timestamp previous. The list may not have it at once.
func (q Queue) awaitTask(ctx context.Context, arn string, previous int64, wait func(context.Context, time.Duration) error) (
	types.ListMessageMoveTasksResultEntry, error) {
	for {
		last, err := q.lastTask(ctx, arn)
		if err != nil || last.StartedTimestamp != previous {
			return last, err
		}
		if err := wait(ctx, taskPeriod); err != nil {
			return last, err
		}
	}
}

// lastTask returns the newest move task of a queue, or the zero value if there is none.
func (q Queue) lastTask(ctx context.Context, arn string) (types.ListMessageMoveTasksResultEntry, error) {
	out, err := q.Client.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &arn, MaxResults: aws.Int32(1)})
	if err != nil {
		return types.ListMessageMoveTasksResultEntry{}, fmt.Errorf("list the move tasks of %s: %w", arn, err)
	}
	if len(out.Results) == 0 {
		return types.ListMessageMoveTasksResultEntry{}, nil
	}
	return out.Results[0], nil
}
