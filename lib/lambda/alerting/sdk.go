package alerting

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/message"
)

// SNS publishes to a topic.
type SNS struct {
	Client interface {
		Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
	}
	TopicARN string
}

// Publish publishes a message, and returns its ID in SNS.
func (s SNS) Publish(ctx context.Context, m message.Message) (id string, err error) {
	in := &sns.PublishInput{
		TopicArn: &s.TopicARN, Subject: &m.Subject, Message: &m.Body, MessageStructure: aws.String("json"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{},
	}
	for name, value := range m.Attributes {
		in.MessageAttributes[name] = snstypes.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
	}
	out, err := s.Client.Publish(ctx, in)
	if err != nil {
		return "", fmt.Errorf("publish to the topic %s: %w", s.TopicARN, err)
	}
	return aws.ToString(out.MessageId), nil
}

// SQS sends Ticks to the function's own queue.
type SQS struct {
	Client interface {
		SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	}
	QueueURL string
}

// maxDelay is the longest delay of a message. A Tick for later is sent again when it arrives.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const maxDelay = 15 * time.Minute

// Send sends a Tick that arrives after a delay, or as late as SQS can.
func (s SQS) Send(ctx context.Context, tick alert.Tick, delay time.Duration) error {
	body, err := json.Marshal(alert.Message{Tick: &tick})
	if err != nil {
		return fmt.Errorf("write a tick: %w", err)
	}
	seconds := math.Ceil(min(max(delay, 0), maxDelay).Seconds())
	_, err = s.Client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: &s.QueueURL, MessageBody: aws.String(string(body)), DelaySeconds: int32(seconds),
	})
	if err != nil {
		return fmt.Errorf("send a tick for %s of %s: %w", tick.Rule, tick.App, err)
	}
	return nil
}
