package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// alertsQueueID is the construct's id. It is part of the name that CloudFormation gives the queue.
const alertsQueueID = "AlertsQueue"

// newAlertsQueue declares the queue between the storage and the alerts function: of what lines matched, and of the alerts function's ticks.
//
// It has no dead-letter queue. What cannot be counted or told because the table or the topic is unavailable is tried again until it can be,
// however often that is; the queue's own retention is as long as that of a dead-letter queue could be. Alarms tell the operators meanwhile.
func newAlertsQueue(scope awscdk.Stack) awssqs.Queue {
	return awssqs.NewQueue(scope, jsii.String(alertsQueueID), &awssqs.QueueProps{
		RetentionPeriod:   awscdk.Duration_Seconds(jsii.Number(stack.AlertsRetention.Seconds())),
		VisibilityTimeout: awscdk.Duration_Seconds(jsii.Number(stack.AlertsVisibilityTimeout.Seconds())),
		Encryption:        awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:        jsii.Bool(true),
	})
}

// newAlertsTable declares the table with the state of each app and rule. It is deleted with the stack, whatever removalPolicy says: what it holds
// is at most two weeks old, the lines that it was counted from are in the log group, and a new table begins with the next line. For the same
// reason it has no backups. DynamoDB encrypts every table.
func newAlertsTable(scope awscdk.Stack) awsdynamodb.Table {
	return awsdynamodb.NewTable(scope, jsii.String("AlertsTable"), &awsdynamodb.TableProps{
		PartitionKey:        &awsdynamodb.Attribute{Name: jsii.String(stack.TableApp), Type: awsdynamodb.AttributeType_STRING},
		SortKey:             &awsdynamodb.Attribute{Name: jsii.String(stack.TableKey), Type: awsdynamodb.AttributeType_STRING},
		TimeToLiveAttribute: jsii.String(stack.TableExpires),
		BillingMode:         awsdynamodb.BillingMode_PAY_PER_REQUEST, // costs nothing while no rule matches
		RemovalPolicy:       awscdk.RemovalPolicy_DESTROY,
	})
}

// newAlertsMapping lets Lambda call the alerts function with the queue's messages. The function's policy has what Lambda needs for that; the
// CDK's event source would add a policy that allows more.
func newAlertsMapping(scope awscdk.Stack, alerts awslambda.Function, queue awssqs.Queue) {
	awslambda.NewEventSourceMapping(scope, jsii.String("AlertsMapping"), &awslambda.EventSourceMappingProps{
		Target:                  alerts,
		EventSourceArn:          queue.QueueArn(),
		BatchSize:               jsii.Number(stack.AlertsBatchSize),
		MaxBatchingWindow:       awscdk.Duration_Seconds(jsii.Number(stack.AlertsBatchWindow.Seconds())),
		MaxConcurrency:          jsii.Number(stack.AlertsConcurrency),
		ReportBatchItemFailures: jsii.Bool(true),
	})
}
