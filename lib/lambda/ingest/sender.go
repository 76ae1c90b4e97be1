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

// cachedURLs is far above the apps of most teams; at 150 bytes each they are nothing.
const cachedURLs = 2048

// ErrNoQueue says that the app has no queue: its drain was deleted, or never made.
var ErrNoQueue = errors.New("the app has no queue")

// SQS is what a Sender needs of the SDK's client.
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

// NewSender makes a Sender. The client is to make one try a call (aws.NopRetryer): the Sender tries again as long as it may.
func NewSender(client SQS, queueName func(app string) string) *Sender {
	urls, err := lru.New[string, string](cachedURLs)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Sender{client: client, queueName: queueName, urls: urls}
}

// Send puts every message into the app's queue, or fails: with ErrNoQueue, or with what went wrong last when the context ends. Messages
// that were sent before a failure stay; the storage function knows them again when they come a second time. They go one by one: SQS bills
// by 64 KB, not by call, and there is more than one only when the body is too large for one.
func (s *Sender) Send(ctx context.Context, app string, messages []string) error {
	for i, message := range messages {
		if err := s.send(ctx, app, message); err != nil {
			return fmt.Errorf("send message %d of %d to the queue %s: %w", i+1, len(messages), s.queueName(app), err)
		}
	}
	return nil
}

// send looks a second time before it believes that there is no queue: the URL it knows may be that of a queue that was made anew.
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

func (s *Sender) try(ctx context.Context, app, message string) error {
	url, known := s.urls.Get(app)
	if !known {
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

func noQueue(err error) bool {
	_, missing := errors.AsType[*types.QueueDoesNotExist](err)
	return missing
}
