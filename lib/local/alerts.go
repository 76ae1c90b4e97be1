package local

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// alertsResources are the resources of the alerts.
type alertsResources struct {
	queueURL, queueARN string
	topic              string // ARN
}

// createAlerts creates the resources of the alerts, apart from the function. For created, see createAlertsTable.
func createAlerts(ctx context.Context, cfg aws.Config, created func()) (r alertsResources, err error) {
	if err := createAlertsTable(ctx, dynamodb.NewFromConfig(cfg), created); err != nil {
		return r, err
	}
	topic, err := sns.NewFromConfig(cfg).CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String(stack.LocalAlertsTopic)})
	if err != nil {
		return r, fmt.Errorf("create the alerts topic: %w", err)
	}
	r.topic = aws.ToString(topic.TopicArn)
	r.queueURL, r.queueARN, err = createQueue(ctx, sqs.NewFromConfig(cfg), stack.LocalAlertsQueue, map[string]string{
		"MessageRetentionPeriod": strconv.Itoa(int(stack.AlertsRetention.Seconds())),
		"VisibilityTimeout":      strconv.Itoa(int(stack.AlertsVisibilityTimeout.Seconds())),
		"SqsManagedSseEnabled":   "true",
	})
	return r, err
}

// createAlertsTable creates the table. created returns when DynamoDB has done so, which takes as long as its Options say.
func createAlertsTable(ctx context.Context, client *dynamodb.Client, created func()) error {
	name := aws.String(stack.LocalAlertsTable)
	key := func(name string, kind dynamodbtypes.KeyType) dynamodbtypes.KeySchemaElement {
		return dynamodbtypes.KeySchemaElement{AttributeName: &name, KeyType: kind}
	}
	text := func(name string) dynamodbtypes.AttributeDefinition {
		return dynamodbtypes.AttributeDefinition{AttributeName: &name, AttributeType: dynamodbtypes.ScalarAttributeTypeS}
	}
	_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:            name,
		KeySchema:            []dynamodbtypes.KeySchemaElement{key(stack.TableApp, dynamodbtypes.KeyTypeHash), key(stack.TableKey, dynamodbtypes.KeyTypeRange)},
		AttributeDefinitions: []dynamodbtypes.AttributeDefinition{text(stack.TableApp), text(stack.TableKey)},
		BillingMode:          dynamodbtypes.BillingModePayPerRequest,
	})
	if err != nil {
		return fmt.Errorf("create the alerts table: %w", err)
	}
	created()
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName:               name,
		TimeToLiveSpecification: &dynamodbtypes.TimeToLiveSpecification{AttributeName: aws.String(stack.TableExpires), Enabled: aws.Bool(true)},
	})
	if err != nil {
		return fmt.Errorf("let items of the alerts table expire: %w", err)
	}
	return nil
}

// createQueue creates a queue, and returns its URL and ARN.
func createQueue(ctx context.Context, client *sqs.Client, name string, attributes map[string]string) (url, arn string, err error) {
	queue, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		return "", "", fmt.Errorf("create the queue %s: %w", name, err)
	}
	found, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: queue.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		return "", "", fmt.Errorf("look up the queue %s: %w", name, err)
	}
	return aws.ToString(queue.QueueUrl), found.Attributes[string(types.QueueAttributeNameQueueArn)], nil
}

// startAlerts lets the alerts function receive the alerts queue's messages, and look for overdue alerts on a schedule.
func (s *System) startAlerts(ctx context.Context, queueARN string) error {
	_, err := lambda.NewFromConfig(s.AWS.Config()).CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		FunctionName: aws.String(stack.LocalAlertsFunction), EventSourceArn: &queueARN,
		BatchSize: aws.Int32(stack.AlertsBatchSize), MaximumBatchingWindowInSeconds: aws.Int32(int32(stack.AlertsBatchWindow.Seconds())),
		ScalingConfig:         &lambdatypes.ScalingConfig{MaximumConcurrency: aws.Int32(stack.AlertsConcurrency)},
		FunctionResponseTypes: []lambdatypes.FunctionResponseType{lambdatypes.FunctionResponseTypeReportBatchItemFailures},
	})
	if err != nil {
		return fmt.Errorf("create the event source mapping of the alerts queue: %w", err)
	}
	input, err := json.Marshal(map[string]string{"version": "2.0", "routeKey": stack.RouteCheckAlerts}) // as infra's rule sends it
	if err != nil {
		return fmt.Errorf("encode the schedule's event: %w", err)
	}
	s.AWS.AddSchedule(awslocal.Schedule{Function: stack.LocalAlertsFunction, Input: input, Every: stack.AlertsCheckInterval})
	return nil
}
