// Package deadletters reads a stack's dead-letter queue, which collects the messages of all apps that the storage function failed to store,
// and moves them back to the queues they came from. Reading takes nothing out of the queue.
package deadletters

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// SQS is the part of Amazon SQS that this package uses: *sqs.Client implements it.
type SQS interface {
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	ChangeMessageVisibilityBatch(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (
		*sqs.ChangeMessageVisibilityBatchOutput, error)
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	DeleteMessage(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
	StartMessageMoveTask(context.Context, *sqs.StartMessageMoveTaskInput, ...func(*sqs.Options)) (*sqs.StartMessageMoveTaskOutput, error)
	ListMessageMoveTasks(context.Context, *sqs.ListMessageMoveTasksInput, ...func(*sqs.Options)) (*sqs.ListMessageMoveTasksOutput, error)
}

// Queue is a stack's dead-letter queue.
type Queue struct {
	Client SQS
	URL    string // the stack's output DeadLetterQueueUrl
	Prefix string // of the names of the apps' queues, the stack's output QueuePrefix
}

// count returns SQS's approximate number of dead letters: those that can be received now, and all.
func (q Queue) count(ctx context.Context) (visible, all int, err error) {
	out, err := q.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &q.URL,
		AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages,
			types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
			types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		},
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count the dead letters in %s: %w", q.URL, err)
	}
	for name, value := range out.Attributes {
		n, err := strconv.Atoi(value)
		if err != nil {
			return 0, 0, fmt.Errorf("count the dead letters in %s: %s is %q, not a number", q.URL, name, value)
		}
		all += n
		if name == string(types.QueueAttributeNameApproximateNumberOfMessages) {
			visible = n
		}
	}
	return visible, all, nil
}

// arn returns the queue's ARN, which identifies its move tasks.
func (q Queue) arn(ctx context.Context) (string, error) {
	name := types.QueueAttributeNameQueueArn
	out, err := q.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &q.URL, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return "", fmt.Errorf("get the ARN of the dead-letter queue %s: %w", q.URL, err)
	}
	arn := out.Attributes[string(name)]
	if arn == "" {
		return "", errors.New("get the ARN of the dead-letter queue " + q.URL + ": SQS returned none")
	}
	return arn, nil
}
