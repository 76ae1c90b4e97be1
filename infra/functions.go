package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// ownLogRetention is how long the system keeps its own logs: stack.FunctionLogDays.
const ownLogRetention = awslogs.RetentionDays_TWO_WEEKS

// newDrainsFunction declares the function behind the HTTP API: it manages drains, and queues the lines that Heroku sends.
func newDrainsFunction(scope awscdk.Stack, s settings, b *builder, logs awslogs.LogGroup, key awssecretsmanager.Secret,
	deadLetters awssqs.Queue, storage awslambda.Function) awslambda.Function {
	return newFunction(scope, b, function{
		id:          "Drains",
		name:        s.stackName.DrainsFunction(),
		source:      stack.DrainsSource,
		description: "Manages Heroku log drains, and queues the lines they send",
		timeout:     stack.DrainsTimeout,
		memoryMB:    stack.DrainsMemoryMB,
		policy:      drainsPolicy(scope, s, logs, key, deadLetters, storage),
		environment: stack.DrainsEnvironment{
			Stack:                    string(s.stackName),
			LogGroup:                 *logs.LogGroupName(),
			StreamPrefix:             s.streamPrefix,
			QueuePrefix:              s.queuePrefix,
			StorageFunction:          *storage.FunctionArn(),
			DeadLetterQueueARN:       *deadLetters.QueueArn(),
			MaxReceiveCount:          s.maxReceiveCount,
			SigningKey:               *key.SecretArn(),
			VisibilityTimeoutSeconds: int(stack.QueueVisibilityTimeout.Seconds()),
			BatchSize:                s.batchSize,
			BatchWindowSeconds:       s.batchWindowSeconds,
			MaximumConcurrency:       s.maximumConcurrency,
			Tags:                     s.resourceTags(),
		}.Map(),
	})
}

// newStorageFunction declares the function that stores the lines from the queues in the log group, and sends what they matched to the alerts
// queue. The table is nil without the setting dedup.
func newStorageFunction(scope awscdk.Stack, s settings, b *builder, logs awslogs.LogGroup, alertsQueue awssqs.Queue, dedup awsdynamodb.Table) awslambda.Function {
	table := ""
	if dedup != nil {
		table = *dedup.TableName()
	}
	return newFunction(scope, b, function{
		id:          "Storage",
		name:        s.stackName.StorageFunction(),
		source:      stack.StorageSource,
		description: "Stores the lines of Heroku log drains in CloudWatch Logs",
		timeout:     stack.StorageTimeout,
		memoryMB:    stack.StorageMemoryMB,
		files:       b.rules,
		policy:      storagePolicy(scope, s, logs, alertsQueue, dedup),
		environment: stack.StorageEnvironment{
			LogGroup:      *logs.LogGroupName(),
			StreamPrefix:  s.streamPrefix,
			QueuePrefix:   s.queuePrefix,
			RetentionDays: s.retentionDays,
			AppMetrics:    s.appMetrics,
			AlertsQueue:   *alertsQueue.QueueUrl(),
			DedupTable:    table,

			MaxReceiveCount: s.maxReceiveCount,
		}.Map(),
	})
}

// newAlertsFunction declares the function that counts what lines matched, tells people, and serves the API's routes for alerts.
func newAlertsFunction(scope awscdk.Stack, s settings, b *builder, logs awslogs.LogGroup, queue awssqs.Queue, table awsdynamodb.Table,
	topic awssns.ITopic) awslambda.Function {
	return newFunction(scope, b, function{
		id:          "Alerts",
		name:        s.stackName.AlertsFunction(),
		source:      stack.AlertsSource,
		description: "Tells people when lines of Heroku apps match alert rules",
		timeout:     stack.AlertsTimeout,
		memoryMB:    stack.AlertsMemoryMB,
		files:       b.rules,
		policy:      alertsPolicy(queue, table, topic),
		environment: stack.AlertsEnvironment{
			Stack:        string(s.stackName),
			LogGroup:     *logs.LogGroupName(),
			StreamPrefix: s.streamPrefix,
			QueuePrefix:  s.queuePrefix,
			Table:        *table.TableName(),
			Topic:        *topic.TopicArn(),
			Queue:        *queue.QueueUrl(),
		}.Map(),
	})
}

// function holds the differences between the functions.
type function struct {
	id          string // construct id
	name        string // on AWS
	source      string // package under functions/
	description string
	timeout     time.Duration
	memoryMB    float64
	files       []packed // beside the binary
	policy      []awsiam.PolicyStatement
	environment map[string]string
}

// newFunction declares a function that runs a Go binary of this module. No function has reserved concurrency: the drains function would lose
// lines in a burst, and the storage function's concurrency is a setting of each mapping.
func newFunction(scope awscdk.Stack, b *builder, f function) awslambda.Function {
	// The group has the name that Lambda would give it. A group that Lambda creates would keep every line forever, and outlive the stack.
	logs := awslogs.NewLogGroup(scope, jsii.String(f.id+"Logs"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String(stack.FunctionLogGroup(f.name)),
		Retention:     ownLogRetention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	environment := map[string]*string{}
	for name, value := range f.environment {
		environment[name] = jsii.String(value)
	}
	return awslambda.NewFunction(scope, jsii.String(f.id), &awslambda.FunctionProps{
		FunctionName: jsii.String(f.name),
		Description:  jsii.String(f.description),
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      jsii.String(stack.Bootstrap),
		Code:         b.code(f.source, f.files...),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(f.timeout.Seconds())),
		MemorySize:   jsii.Number(f.memoryMB),
		Role:         newRole(scope, f, logs),
		Environment:  &environment,
		LogGroup:     logs,
		// Only the JSON format has levels. At INFO, the platform's own three lines per invocation would cost more than the ingest itself.
		LoggingFormat:         awslambda.LoggingFormat_JSON,
		ApplicationLogLevelV2: awslambda.ApplicationLogLevel_INFO,
		SystemLogLevelV2:      awslambda.SystemLogLevel_WARN,
	})
}
