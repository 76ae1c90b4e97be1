package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	lru "github.com/hashicorp/golang-lru/v2"

	"heroku-drains/lib/lambda/patient"
)

// cachedURLs is far more than the number of apps that most teams have. A URL takes about 150 bytes.
const cachedURLs = 2048

// ErrNoQueue means that the app has no queue: its drain was deleted, or never existed.
var ErrNoQueue = errors.New("the app has no queue")

// SQS is the part of the SDK's client that a Sender needs.
type SQS interface {
	GetQueueUrl(context.Context, *sqs.GetQueueUrlInput, ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error)
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Sender puts messages into the apps' queues. It is safe for concurrent use.
type Sender struct {
	client    SQS
	queueName func(app string) string
	urls      *lru.Cache[string, string] // by app
}

// NewSender returns a Sender. The client should not retry (aws.NopRetryer): the Sender retries until the context ends. queueName returns the
// name of an app's queue.
func NewSender(client SQS, queueName func(app string) string) *Sender {
	urls, err := lru.New[string, string](cachedURLs)
	if err != nil {
		panic(err) // cannot happen: the size is positive
	}
	return &Sender{client: client, queueName: queueName, urls: urls}
}

// Send puts every message into the app's queue, or fails: with ErrNoQueue, or with the last error when the context ends. Messages that were
// sent before a failure stay in the queue; the storage function recognizes them when they come again. Messages are sent one by one: SQS bills
// by 64 KB and not by call, and there are several only if the body is too large for one.
func (s *Sender) Send(ctx context.Context, app string, messages []string) error {
	for i, message := range messages {
		if err := s.send(ctx, app, message); err != nil {
			return fmt.Errorf("send message %d of %d to the queue %s: %w", i+1, len(messages), s.queueName(app), err)
		}
	}
	return nil
}

// send looks up the queue again before it reports that there is none, because the cached URL may be that of a queue that has been replaced.
func (s *Sender) send(ctx context.Context, app, message string) error {
	for range 2 {
		err := patient.Do(ctx, noQueue, func(ctx context.Context) error { return s.try(ctx, app, message) })
		if err == nil || !noQueue(err) {
			return err
		}
		s.urls.Remove(app)
	}
	return ErrNoQueue
}

// try sends a message once, to the cached URL or after looking it up.
func (s *Sender) try(ctx context.Context, app, message string) error {
	url, cached := s.urls.Get(app)
	if !cached {
		out, err := s.client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(s.queueName(app))})
		if err != nil {
			return err
		}
		url = aws.ToString(out.QueueUrl)
		s.urls.Add(app, url)
	}
	_, err := s.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &message})
	return err
}

// noQueue reports whether err means that there is no such queue.
func noQueue(err error) bool {
	_, missing := errors.AsType[*types.QueueDoesNotExist](err)
	return missing
}
