package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/lambda/patient"
)

// ErrNoQueue means that the app has no queue: its drain was deleted, or never existed.
var ErrNoQueue = errors.New("the app has no queue")

// SQS is the part of sqscall.Sender that a Sender needs.
type SQS interface {
	QueueURL(queue arn.ARN) string
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Sender puts messages into the apps' queues. It is safe for concurrent use.
type Sender struct {
	client SQS
	queue  func(app string) arn.ARN
}

// NewSender returns a Sender. The client should not retry (aws.NopRetryer): the Sender retries until the context ends. queue returns the ARN of an app's
// queue, which may not exist.
func NewSender(client SQS, queue func(app string) arn.ARN) *Sender {
	return &Sender{client: client, queue: queue}
}

// Send puts every message into the app's queue, or fails: with ErrNoQueue, or with the last error when the context ends. Messages that were
// sent before a failure stay in the queue; the storage function recognizes them when they come again. Messages are sent one by one: SQS bills
// by 64 KB and not by call, and there are several only if the body is too large for one.
func (s *Sender) Send(ctx context.Context, app string, messages []string) error {
	for i, message := range messages {
		if err := s.send(ctx, app, message); err != nil {
			return fmt.Errorf("send message %d of %d to the queue %s: %w", i+1, len(messages), s.queue(app).Resource, err)
		}
	}
	return nil
}

// send tries again before it reports that there is no queue, because the sender then drops the lines: a queue that was just created may be unknown to a
// part of SQS.
func (s *Sender) send(ctx context.Context, app, message string) error {
	url := s.client.QueueURL(s.queue(app))
	for range 2 {
		err := patient.Do(ctx, noQueue, func(ctx context.Context) error {
			_, err := s.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &message})
			return err
		})
		if err == nil || !noQueue(err) {
			return err
		}
	}
	return ErrNoQueue
}

// noQueue reports whether err means that there is no such queue.
func noQueue(err error) bool {
	_, missing := errors.AsType[*types.QueueDoesNotExist](err)
	return missing
}
