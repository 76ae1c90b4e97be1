// Package sqscall has a client of Amazon SQS with few operations: see package awscall.
package sqscall

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/awscall"
)

type operation[Input, Output any] = awscall.Operation[Input, Output, sqs.Options]

// Sender has the operations of a function that sends messages.
type Sender struct {
	endpoint string

	listQueueTags operation[sqs.ListQueueTagsInput, sqs.ListQueueTagsOutput]
	sendMessage   operation[sqs.SendMessageInput, sqs.SendMessageOutput]
}

// NewSender returns a client that calls the SDK's.
func NewSender(c *sqs.Client) Sender {
	return Sender{
		endpoint: endpoint(c),

		listQueueTags: c.ListQueueTags,
		sendMessage:   c.SendMessage,
	}
}

// Queues also has the operations of the drains function, which manages queues.
type Queues struct {
	Sender

	createQueue                operation[sqs.CreateQueueInput, sqs.CreateQueueOutput]
	deleteQueue                operation[sqs.DeleteQueueInput, sqs.DeleteQueueOutput]
	getQueueAttributes         operation[sqs.GetQueueAttributesInput, sqs.GetQueueAttributesOutput]
	getQueueUrl                operation[sqs.GetQueueUrlInput, sqs.GetQueueUrlOutput]
	listDeadLetterSourceQueues operation[sqs.ListDeadLetterSourceQueuesInput, sqs.ListDeadLetterSourceQueuesOutput]
	listQueues                 operation[sqs.ListQueuesInput, sqs.ListQueuesOutput]
	setQueueAttributes         operation[sqs.SetQueueAttributesInput, sqs.SetQueueAttributesOutput]
	tagQueue                   operation[sqs.TagQueueInput, sqs.TagQueueOutput]
}

// NewQueues returns a client that calls the SDK's.
func NewQueues(c *sqs.Client) Queues {
	return Queues{
		Sender: NewSender(c),

		createQueue:                c.CreateQueue,
		deleteQueue:                c.DeleteQueue,
		getQueueAttributes:         c.GetQueueAttributes,
		getQueueUrl:                c.GetQueueUrl,
		listDeadLetterSourceQueues: c.ListDeadLetterSourceQueues,
		listQueues:                 c.ListQueues,
		setQueueAttributes:         c.SetQueueAttributes,
		tagQueue:                   c.TagQueue,
	}
}

// Client calls Amazon SQS. Its methods are those of *sqs.Client.
type Client struct {
	Queues

	changeMessageVisibilityBatch operation[sqs.ChangeMessageVisibilityBatchInput, sqs.ChangeMessageVisibilityBatchOutput]
	deleteMessage                operation[sqs.DeleteMessageInput, sqs.DeleteMessageOutput]
	listMessageMoveTasks         operation[sqs.ListMessageMoveTasksInput, sqs.ListMessageMoveTasksOutput]
	receiveMessage               operation[sqs.ReceiveMessageInput, sqs.ReceiveMessageOutput]
	startMessageMoveTask         operation[sqs.StartMessageMoveTaskInput, sqs.StartMessageMoveTaskOutput]
}

// New returns a client that calls the SDK's.
func New(c *sqs.Client) Client {
	return Client{
		Queues: NewQueues(c),

		changeMessageVisibilityBatch: c.ChangeMessageVisibilityBatch,
		deleteMessage:                c.DeleteMessage,
		listMessageMoveTasks:         c.ListMessageMoveTasks,
		receiveMessage:               c.ReceiveMessage,
		startMessageMoveTask:         c.StartMessageMoveTask,
	}
}

// ChangeMessageVisibilityBatch calls the operation of this name.
func (c Client) ChangeMessageVisibilityBatch(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput, opts ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	return c.changeMessageVisibilityBatch(ctx, in, opts...)
}

// CreateQueue calls the operation of this name.
func (c Queues) CreateQueue(ctx context.Context, in *sqs.CreateQueueInput, opts ...func(*sqs.Options)) (*sqs.CreateQueueOutput, error) {
	return c.createQueue(ctx, in, opts...)
}

// DeleteMessage calls the operation of this name.
func (c Client) DeleteMessage(ctx context.Context, in *sqs.DeleteMessageInput, opts ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	return c.deleteMessage(ctx, in, opts...)
}

// DeleteQueue calls the operation of this name.
func (c Queues) DeleteQueue(ctx context.Context, in *sqs.DeleteQueueInput, opts ...func(*sqs.Options)) (*sqs.DeleteQueueOutput, error) {
	return c.deleteQueue(ctx, in, opts...)
}

// GetQueueAttributes calls the operation of this name.
func (c Queues) GetQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput, opts ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	return c.getQueueAttributes(ctx, in, opts...)
}

// GetQueueUrl calls the operation of this name.
func (c Queues) GetQueueUrl(ctx context.Context, in *sqs.GetQueueUrlInput, opts ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error) {
	return c.getQueueUrl(ctx, in, opts...)
}

// ListDeadLetterSourceQueues calls the operation of this name.
func (c Queues) ListDeadLetterSourceQueues(ctx context.Context, in *sqs.ListDeadLetterSourceQueuesInput, opts ...func(*sqs.Options)) (*sqs.ListDeadLetterSourceQueuesOutput, error) {
	return c.listDeadLetterSourceQueues(ctx, in, opts...)
}

// ListMessageMoveTasks calls the operation of this name.
func (c Client) ListMessageMoveTasks(ctx context.Context, in *sqs.ListMessageMoveTasksInput, opts ...func(*sqs.Options)) (*sqs.ListMessageMoveTasksOutput, error) {
	return c.listMessageMoveTasks(ctx, in, opts...)
}

// ListQueueTags calls the operation of this name.
func (c Sender) ListQueueTags(ctx context.Context, in *sqs.ListQueueTagsInput, opts ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error) {
	return c.listQueueTags(ctx, in, opts...)
}

// ListQueues calls the operation of this name.
func (c Queues) ListQueues(ctx context.Context, in *sqs.ListQueuesInput, opts ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error) {
	return c.listQueues(ctx, in, opts...)
}

// ReceiveMessage calls the operation of this name.
func (c Client) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, opts ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	return c.receiveMessage(ctx, in, opts...)
}

// SendMessage calls the operation of this name.
func (c Sender) SendMessage(ctx context.Context, in *sqs.SendMessageInput, opts ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	return c.sendMessage(ctx, in, opts...)
}

// SetQueueAttributes calls the operation of this name.
func (c Queues) SetQueueAttributes(ctx context.Context, in *sqs.SetQueueAttributesInput, opts ...func(*sqs.Options)) (*sqs.SetQueueAttributesOutput, error) {
	return c.setQueueAttributes(ctx, in, opts...)
}

// StartMessageMoveTask calls the operation of this name.
func (c Client) StartMessageMoveTask(ctx context.Context, in *sqs.StartMessageMoveTaskInput, opts ...func(*sqs.Options)) (*sqs.StartMessageMoveTaskOutput, error) {
	return c.startMessageMoveTask(ctx, in, opts...)
}

// TagQueue calls the operation of this name.
func (c Queues) TagQueue(ctx context.Context, in *sqs.TagQueueInput, opts ...func(*sqs.Options)) (*sqs.TagQueueOutput, error) {
	return c.tagQueue(ctx, in, opts...)
}
