// Package sqscall has a client of Amazon SQS with few operations: see package awscall.
package sqscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, sqs.Options]

// Client calls Amazon SQS. Its methods are those of *sqs.Client.
type Client struct {
	endpoint string

	changeMessageVisibilityBatch operation[sqs.ChangeMessageVisibilityBatchInput, sqs.ChangeMessageVisibilityBatchOutput]
	createQueue                  operation[sqs.CreateQueueInput, sqs.CreateQueueOutput]
	deleteMessage                operation[sqs.DeleteMessageInput, sqs.DeleteMessageOutput]
	deleteQueue                  operation[sqs.DeleteQueueInput, sqs.DeleteQueueOutput]
	getQueueAttributes           operation[sqs.GetQueueAttributesInput, sqs.GetQueueAttributesOutput]
	getQueueUrl                  operation[sqs.GetQueueUrlInput, sqs.GetQueueUrlOutput]
	listDeadLetterSourceQueues   operation[sqs.ListDeadLetterSourceQueuesInput, sqs.ListDeadLetterSourceQueuesOutput]
	listMessageMoveTasks         operation[sqs.ListMessageMoveTasksInput, sqs.ListMessageMoveTasksOutput]
	listQueueTags                operation[sqs.ListQueueTagsInput, sqs.ListQueueTagsOutput]
	listQueues                   operation[sqs.ListQueuesInput, sqs.ListQueuesOutput]
	receiveMessage               operation[sqs.ReceiveMessageInput, sqs.ReceiveMessageOutput]
	sendMessage                  operation[sqs.SendMessageInput, sqs.SendMessageOutput]
	setQueueAttributes           operation[sqs.SetQueueAttributesInput, sqs.SetQueueAttributesOutput]
	startMessageMoveTask         operation[sqs.StartMessageMoveTaskInput, sqs.StartMessageMoveTaskOutput]
	tagQueue                     operation[sqs.TagQueueInput, sqs.TagQueueOutput]
}

// New returns a client that calls the SDK's.
func New(c *sqs.Client) Client {
	return Client{
		endpoint: endpoint(c),

		changeMessageVisibilityBatch: c.ChangeMessageVisibilityBatch,
		createQueue:                  c.CreateQueue,
		deleteMessage:                c.DeleteMessage,
		deleteQueue:                  c.DeleteQueue,
		getQueueAttributes:           c.GetQueueAttributes,
		getQueueUrl:                  c.GetQueueUrl,
		listDeadLetterSourceQueues:   c.ListDeadLetterSourceQueues,
		listMessageMoveTasks:         c.ListMessageMoveTasks,
		listQueueTags:                c.ListQueueTags,
		listQueues:                   c.ListQueues,
		receiveMessage:               c.ReceiveMessage,
		sendMessage:                  c.SendMessage,
		setQueueAttributes:           c.SetQueueAttributes,
		startMessageMoveTask:         c.StartMessageMoveTask,
		tagQueue:                     c.TagQueue,
	}
}

// ChangeMessageVisibilityBatch calls the operation of this name.
func (c Client) ChangeMessageVisibilityBatch(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput, opts ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	return c.changeMessageVisibilityBatch(ctx, in, opts...)
}

// CreateQueue calls the operation of this name.
func (c Client) CreateQueue(ctx context.Context, in *sqs.CreateQueueInput, opts ...func(*sqs.Options)) (*sqs.CreateQueueOutput, error) {
	return c.createQueue(ctx, in, opts...)
}

// DeleteMessage calls the operation of this name.
func (c Client) DeleteMessage(ctx context.Context, in *sqs.DeleteMessageInput, opts ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	return c.deleteMessage(ctx, in, opts...)
}

// DeleteQueue calls the operation of this name.
func (c Client) DeleteQueue(ctx context.Context, in *sqs.DeleteQueueInput, opts ...func(*sqs.Options)) (*sqs.DeleteQueueOutput, error) {
	return c.deleteQueue(ctx, in, opts...)
}

// GetQueueAttributes calls the operation of this name.
func (c Client) GetQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput, opts ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	return c.getQueueAttributes(ctx, in, opts...)
}

// GetQueueUrl calls the operation of this name.
func (c Client) GetQueueUrl(ctx context.Context, in *sqs.GetQueueUrlInput, opts ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error) {
	return c.getQueueUrl(ctx, in, opts...)
}

// ListDeadLetterSourceQueues calls the operation of this name.
func (c Client) ListDeadLetterSourceQueues(ctx context.Context, in *sqs.ListDeadLetterSourceQueuesInput, opts ...func(*sqs.Options)) (*sqs.ListDeadLetterSourceQueuesOutput, error) {
	return c.listDeadLetterSourceQueues(ctx, in, opts...)
}

// ListMessageMoveTasks calls the operation of this name.
func (c Client) ListMessageMoveTasks(ctx context.Context, in *sqs.ListMessageMoveTasksInput, opts ...func(*sqs.Options)) (*sqs.ListMessageMoveTasksOutput, error) {
	return c.listMessageMoveTasks(ctx, in, opts...)
}

// ListQueueTags calls the operation of this name.
func (c Client) ListQueueTags(ctx context.Context, in *sqs.ListQueueTagsInput, opts ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error) {
	return c.listQueueTags(ctx, in, opts...)
}

// ListQueues calls the operation of this name.
func (c Client) ListQueues(ctx context.Context, in *sqs.ListQueuesInput, opts ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error) {
	return c.listQueues(ctx, in, opts...)
}

// ReceiveMessage calls the operation of this name.
func (c Client) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, opts ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	return c.receiveMessage(ctx, in, opts...)
}

// SendMessage calls the operation of this name.
func (c Client) SendMessage(ctx context.Context, in *sqs.SendMessageInput, opts ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	return c.sendMessage(ctx, in, opts...)
}

// SetQueueAttributes calls the operation of this name.
func (c Client) SetQueueAttributes(ctx context.Context, in *sqs.SetQueueAttributesInput, opts ...func(*sqs.Options)) (*sqs.SetQueueAttributesOutput, error) {
	return c.setQueueAttributes(ctx, in, opts...)
}

// StartMessageMoveTask calls the operation of this name.
func (c Client) StartMessageMoveTask(ctx context.Context, in *sqs.StartMessageMoveTaskInput, opts ...func(*sqs.Options)) (*sqs.StartMessageMoveTaskOutput, error) {
	return c.startMessageMoveTask(ctx, in, opts...)
}

// TagQueue calls the operation of this name.
func (c Client) TagQueue(ctx context.Context, in *sqs.TagQueueInput, opts ...func(*sqs.Options)) (*sqs.TagQueueOutput, error) {
	return c.tagQueue(ctx, in, opts...)
}
