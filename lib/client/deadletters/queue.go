// Package deadletters looks into a stack's dead-letter queue, where the storage function's failures of all apps end, without taking anything
// out, and moves what is there back to where it comes from.
package deadletters

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// SQS is what looking takes: an sqs.Client.
type SQS interface {
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	ChangeMessageVisibilityBatch(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (
		*sqs.ChangeMessageVisibilityBatchOutput, error)
}

// Queue is a stack's dead-letter queue.
type Queue struct {
	Client SQS
	URL    string // the stack's output DeadLetterQueueUrl
	Prefix string // of the apps' queues, the stack's output QueuePrefix: tells whose a letter is that cannot be opened
}

// count is how many letters there are, by SQS's approximation: those that can be received now, and all.
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
			return 0, 0, fmt.Errorf("count the dead letters in %s: %s is %q", q.URL, name, value)
		}
		all += n
		if name == string(types.QueueAttributeNameApproximateNumberOfMessages) {
			visible = n
		}
	}
	return visible, all, nil
}
