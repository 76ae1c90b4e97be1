package awslocal_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestFaultRemovesResources checks that a call finds what it names deleted, and with which error.
func TestFaultRemovesResources(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	ctx := t.Context()
	queue := newQueue(t, b, "shop")
	logs, tables := cloudwatchlogs.NewFromConfig(b.config), newTable(t, b)
	group, stream := aws.String("/g"), aws.String("s")
	_, err := logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	localtest.Must(t, err)
	_, err = logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
	localtest.Must(t, err)
	topic := newTopic(t, b)
	secrets := secretsmanager.NewFromConfig(b.config)
	_, err = secrets.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String("s"), SecretString: aws.String("x")})
	localtest.Must(t, err)
	for _, c := range []struct {
		service, code string
		call          func(context.Context) error
	}{
		{"sqs", "AWS.SimpleQueueService.NonExistentQueue", func(ctx context.Context) error {
			_, err := queue.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue.url, MessageBody: aws.String("x")})
			return err
		}},
		{"logs", "ResourceNotFoundException", func(ctx context.Context) error {
			events := []logstypes.InputLogEvent{{Timestamp: aws.Int64(time.Now().UnixMilli()), Message: aws.String("x")}}
			_, err := logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream, LogEvents: events})
			return err
		}},
		{"dynamodb", "ResourceNotFoundException", func(ctx context.Context) error {
			_, err := dynamodb.NewFromConfig(b.config).GetItem(ctx, &dynamodb.GetItemInput{TableName: tables.name, Key: key("shop", "k")})
			return err
		}},
		{"sns", "NotFound", func(ctx context.Context) error {
			_, err := sns.NewFromConfig(b.config).Publish(ctx, &sns.PublishInput{TopicArn: topic.arn, Message: aws.String("x")})
			return err
		}},
		{"secretsmanager", "ResourceNotFoundException", func(ctx context.Context) error {
			_, err := secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("s")})
			return err
		}},
	} {
		localtest.Must(t, c.call(ctx))
		b.server.Inject(awslocal.Fault{Service: c.service, Remove: awslocal.RemoveResource, Times: 1})
		wantCode(t, c.call(ctx), c.code)
	}
}

// TestFaultRemovesMappings checks that the event source mapping of a queue is disabled or deleted when a message is sent to it.
func TestFaultRemovesMappings(t *testing.T) {
	t.Parallel()
	for want, removal := range map[string]awslocal.Removal{"Disabled": awslocal.DisableMapping, "": awslocal.RemoveMapping} {
		c := &consumer{}
		m := consume(t, c)
		id := m.created(t)
		m.backend.server.Inject(awslocal.Fault{Service: "sqs", Operation: "SendMessage", Remove: removal, Times: 1})
		m.queue.send(t, "x")
		got, err := m.GetEventSourceMapping(t.Context(), &lambda.GetEventSourceMappingInput{UUID: &id})
		if want == "" {
			wantCode(t, err, "ResourceNotFoundException")
			continue
		}
		localtest.Must(t, err)
		if *got.State != want || m.queue.counts(t)[0] != "1" || len(c.raw()) > 0 {
			t.Errorf("state %s, counts %v", *got.State, m.queue.counts(t))
		}
	}
}
