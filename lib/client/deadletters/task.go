package deadletters

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// Tasks is what moving all letters takes: an sqs.Client.
type Tasks interface {
	StartMessageMoveTask(context.Context, *sqs.StartMessageMoveTaskInput, ...func(*sqs.Options)) (*sqs.StartMessageMoveTaskOutput, error)
	ListMessageMoveTasks(context.Context, *sqs.ListMessageMoveTasksInput, ...func(*sqs.Options)) (*sqs.ListMessageMoveTasksOutput, error)
}

// taskPeriod is how often a running task is looked at.
const taskPeriod = time.Second

// taskRunning and taskCompleted are states of a move task; the others are CANCELLING, CANCELLED and FAILED.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasksResultEntry.html
const (
	taskRunning   = "RUNNING"
	taskCompleted = "COMPLETED"
)

// TaskError is that AWS's move task ended before its work was done. It stops at the first letter whose queue is gone.
type TaskError struct {
	State  string // such as FAILED
	Reason string // AWS's word for it; may be empty
}

// Error is AWS's state and reason.
func (e *TaskError) Error() string {
	if e.Reason == "" {
		return "AWS's move task ended as " + e.State
	}
	return fmt.Sprintf("AWS's move task ended as %s: %s", e.State, e.Reason)
}

// IsStopped tells the errors of MoveAll that are AWS's way to say that a letter's queue is gone: a task that ended, or one that was refused
// because no queue is left that has its dead letters here.
func IsStopped(err error) bool {
	var stopped *TaskError
	var refused smithy.APIError
	return errors.As(err, &stopped) || errors.As(err, &refused) && refused.ErrorCode() == "InvalidParameterValue"
}

// MoveAll has AWS move every letter back to the queue it comes from, and answers how many it has moved. AWS has no choice by app in this:
// see Move. A task that is running already is joined. report hears of the progress; wait is as a timer. When ctx ends, AWS goes on.
func (q Queue) MoveAll(ctx context.Context, tasks Tasks, wait func(context.Context, time.Duration) error, report func(moved, of int)) (int, error) {
	arn, err := q.arn(ctx)
	if err != nil {
		return 0, err
	}
	last, err := lastTask(ctx, tasks, arn)
	if err != nil {
		return 0, err
	}
	if aws.ToString(last.Status) != taskRunning {
		before := last.StartedTimestamp
		if _, err := tasks.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &arn}); err != nil {
			return 0, fmt.Errorf("move the dead letters in %s: %w", q.URL, err)
		}
		// A list may be older than the task.
		for last.StartedTimestamp == before {
			if last, err = lastTask(ctx, tasks, arn); err != nil {
				return 0, err
			}
			if last.StartedTimestamp == before {
				if err := wait(ctx, taskPeriod); err != nil {
					return 0, err
				}
			}
		}
	}
	for {
		moved := int(last.ApproximateNumberOfMessagesMoved)
		report(moved, int(aws.ToInt64(last.ApproximateNumberOfMessagesToMove)))
		switch state := aws.ToString(last.Status); state {
		case taskCompleted:
			return moved, nil
		case taskRunning:
		default:
			return moved, &TaskError{state, aws.ToString(last.FailureReason)}
		}
		if err := wait(ctx, taskPeriod); err != nil {
			return moved, err
		}
		if last, err = lastTask(ctx, tasks, arn); err != nil {
			return moved, err
		}
	}
}

// lastTask is the newest move task of a queue; zero when there has been none.
func lastTask(ctx context.Context, tasks Tasks, arn string) (types.ListMessageMoveTasksResultEntry, error) {
	out, err := tasks.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &arn, MaxResults: aws.Int32(1)})
	if err != nil {
		return types.ListMessageMoveTasksResultEntry{}, fmt.Errorf("look at the move tasks of %s: %w", arn, err)
	}
	if len(out.Results) == 0 {
		return types.ListMessageMoveTasksResultEntry{}, nil
	}
	return out.Results[0], nil
}

// arn is what move tasks know a queue by.
func (q Queue) arn(ctx context.Context) (string, error) {
	name := types.QueueAttributeNameQueueArn
	out, err := q.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &q.URL, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return "", fmt.Errorf("look at the dead-letter queue %s: %w", q.URL, err)
	}
	arn := out.Attributes[string(name)]
	if arn == "" {
		return "", errors.New("SQS does not tell the ARN of " + q.URL)
	}
	return arn, nil
}
