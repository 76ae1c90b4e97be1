package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
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

// createAlerts creates the resources of the alerts, apart from the function, the table and the topic.
func createAlerts(ctx context.Context, cfg aws.Config) (r alertsResources, err error) {
	r.queueURL, r.queueARN, err = createQueue(ctx, sqs.NewFromConfig(cfg), stack.LocalAlertsQueue, map[string]string{
		"MessageRetentionPeriod": strconv.Itoa(int(stack.AlertsRetention.Seconds())),
		"VisibilityTimeout":      strconv.Itoa(int(stack.AlertsVisibilityTimeout.Seconds())),
		"SqsManagedSseEnabled":   "true",
	})
	return r, err
}

// createQueue creates a queue, or gives the one that exists these attributes, and returns its URL and ARN.
func createQueue(ctx context.Context, client *sqs.Client, name string, attributes map[string]string) (url, arn string, err error) {
	queue, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if _, differs := errors.AsType[*types.QueueNameExists](err); differs {
		return changeQueue(ctx, client, name, attributes)
	}
	if err != nil {
		return "", "", fmt.Errorf("create the queue %s: %w", name, err)
	}
	return lookUpQueue(ctx, client, name, queue.QueueUrl)
}

// changeQueue gives a queue attributes, and returns its URL and ARN.
func changeQueue(ctx context.Context, client *sqs.Client, name string, attributes map[string]string) (url, arn string, err error) {
	found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return "", "", fmt.Errorf("look up the queue %s: %w", name, err)
	}
	if _, err := client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: found.QueueUrl, Attributes: attributes}); err != nil {
		return "", "", fmt.Errorf("change the queue %s: %w", name, err)
	}
	return lookUpQueue(ctx, client, name, found.QueueUrl)
}

// lookUpQueue returns the URL and the ARN of a queue.
func lookUpQueue(ctx context.Context, client *sqs.Client, name string, queueURL *string) (url, arn string, err error) {
	found, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: queueURL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		return "", "", fmt.Errorf("look up the queue %s: %w", name, err)
	}
	return aws.ToString(queueURL), found.Attributes[string(types.QueueAttributeNameQueueArn)], nil
}

// startAlerts lets the alerts function receive the alerts queue's messages, and look for overdue alerts on a schedule.
func (s *System) startAlerts(ctx context.Context, queueARN string) error {
	if err := mapAlerts(ctx, lambda.NewFromConfig(s.AWS.Config()), queueARN); err != nil {
		return err
	}
	input, err := json.Marshal(map[string]string{"version": "2.0", "routeKey": stack.RouteCheckAlerts}) // as infra's rule sends it
	if err != nil {
		return fmt.Errorf("encode the schedule's event: %w", err)
	}
	s.AWS.AddSchedule(awslocal.Schedule{Function: stack.LocalAlertsFunction, Input: input, Every: stack.AlertsCheckInterval})
	return nil
}

// mapAlerts creates the event source mapping of the alerts queue, or gives the one that exists the stack's settings.
func mapAlerts(ctx context.Context, client *lambda.Client, queueARN string) error {
	wanted := &lambda.CreateEventSourceMappingInput{
		FunctionName: aws.String(stack.LocalAlertsFunction), EventSourceArn: &queueARN,
		BatchSize: aws.Int32(stack.AlertsBatchSize), MaximumBatchingWindowInSeconds: aws.Int32(int32(stack.AlertsBatchWindow.Seconds())),
		ScalingConfig:         &lambdatypes.ScalingConfig{MaximumConcurrency: aws.Int32(stack.AlertsConcurrency)},
		FunctionResponseTypes: []lambdatypes.FunctionResponseType{lambdatypes.FunctionResponseTypeReportBatchItemFailures},
	}
	_, err := client.CreateEventSourceMapping(ctx, wanted)
	if _, exists := errors.AsType[*lambdatypes.ResourceConflictException](err); !exists {
		if err != nil {
			return fmt.Errorf("create the event source mapping of the alerts queue: %w", err)
		}
		return nil
	}
	list := &lambda.ListEventSourceMappingsInput{FunctionName: wanted.FunctionName, EventSourceArn: wanted.EventSourceArn}
	found, err := client.ListEventSourceMappings(ctx, list)
	if err != nil {
		return fmt.Errorf("look up the event source mapping of the alerts queue: %w", err)
	}
	for _, m := range found.EventSourceMappings {
		if aws.ToInt32(m.BatchSize) == *wanted.BatchSize && aws.ToInt32(m.MaximumBatchingWindowInSeconds) == *wanted.MaximumBatchingWindowInSeconds &&
			m.ScalingConfig != nil && aws.ToInt32(m.ScalingConfig.MaximumConcurrency) == *wanted.ScalingConfig.MaximumConcurrency {
			continue // an update would stop it for a moment
		}
		_, err := client.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{
			UUID: m.UUID, BatchSize: wanted.BatchSize, MaximumBatchingWindowInSeconds: wanted.MaximumBatchingWindowInSeconds,
			ScalingConfig: wanted.ScalingConfig,
		})
		if err != nil {
			return fmt.Errorf("change the event source mapping of the alerts queue: %w", err)
		}
	}
	return nil
}
