package main

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

const (
	// The gateway gives up after 30 s: the function ends first, so that its own log says what took so long.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	drainsTimeoutSeconds = 29
	// The largest event is 6 MB, held two or three times over on its way to the queue. CPU comes with memory, and at
	// 128 MB a cold start's TLS handshakes take a good part of the 5 s that Logplex waits.
	drainsMemoryMB = 256

	// A batch of 6 MB is at most some dozens of PutLogEvents; the rest of the minute is for throttling and retries.
	storageTimeoutSeconds = 60
	// The largest batch is stored in less than 64 MiB of heap; the rest buys CPU for decompressing and sorting it.
	storageMemoryMB = 256

	// AWS advises six times the function's time-out, so that a batch does not show up again while it is being retried.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	queueVisibilityTimeoutSeconds = 6 * storageTimeoutSeconds

	// Of what the system says about itself: as long as the dead letters are kept that it explains.
	ownLogRetention = awslogs.RetentionDays_TWO_WEEKS
)

// newDrainsFunction answers the HTTP API: it manages the drains, and takes in what Heroku sends.
func newDrainsFunction(stack awscdk.Stack, s settings, b *builder, logs awslogs.LogGroup, key awssecretsmanager.Secret,
	deadLetters awssqs.Queue, storage awslambda.Function) awslambda.Function {
	return newFunction(stack, b, function{
		id:             "Drains",
		name:           s.drainsFunctionName(),
		source:         "heroku-drains",
		description:    "Manages Heroku drains, and queues what they send",
		timeoutSeconds: drainsTimeoutSeconds,
		memoryMB:       drainsMemoryMB,
		policy:         drainsPolicy(stack, s, logs, key, storage),
		environment: map[string]*string{
			"LOG_GROUP_NAME":                   logs.LogGroupName(),
			"LOG_STREAM_PREFIX":                jsii.String(s.streamPrefix),
			"QUEUE_PREFIX":                     jsii.String(s.queuePrefix),
			"DRAIN_STORAGE_FUNCTION":           storage.FunctionArn(),
			"DEAD_LETTER_QUEUE_ARN":            deadLetters.QueueArn(),
			"MAX_RECEIVE_COUNT":                text(s.maxReceiveCount),
			"SIGNING_KEY_SECRET":               key.SecretArn(),
			"QUEUE_VISIBILITY_TIMEOUT_SECONDS": text(queueVisibilityTimeoutSeconds),
			"BATCH_SIZE":                       text(s.batchSize),
			"BATCH_WINDOW_SECONDS":             text(s.batchWindowSeconds),
			"MAXIMUM_CONCURRENCY":              text(s.maximumConcurrency),
			"RESOURCE_TAGS":                    jsii.String(tagText(s.resourceTags())),
		},
	})
}

// newStorageFunction writes what is in the queues to the log group.
func newStorageFunction(stack awscdk.Stack, s settings, b *builder, logs awslogs.LogGroup) awslambda.Function {
	return newFunction(stack, b, function{
		id:             "Storage",
		name:           s.storageFunctionName(),
		source:         "heroku-drains-storage",
		description:    "Stores what Heroku drains sent in CloudWatch Logs",
		timeoutSeconds: storageTimeoutSeconds,
		memoryMB:       storageMemoryMB,
		policy:         storagePolicy(stack, s, logs),
		environment: map[string]*string{
			"LOG_GROUP_NAME":    logs.LogGroupName(),
			"LOG_STREAM_PREFIX": jsii.String(s.streamPrefix),
			"QUEUE_PREFIX":      jsii.String(s.queuePrefix),
			"RETENTION_DAYS":    text(s.retentionDays),
		},
	})
}

// function is what differs between the functions.
type function struct {
	id             string // construct id
	name           string // on AWS
	source         string // package under functions/
	description    string
	timeoutSeconds int
	memoryMB       int
	policy         []awsiam.PolicyStatement
	environment    map[string]*string
}

// newFunction declares a function that runs a Go binary of this module. No function has reserved concurrency: on the
// ingest it would turn a burst of logs into lost ones, and the storage's is a setting of each mapping.
func newFunction(stack awscdk.Stack, b *builder, f function) awslambda.Function {
	// Named as Lambda would name it, but made here: Lambda's own would keep every line for ever, and outlive the stack.
	logs := awslogs.NewLogGroup(stack, jsii.String(f.id+"Logs"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String("/aws/lambda/" + f.name),
		Retention:     ownLogRetention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	return awslambda.NewFunction(stack, jsii.String(f.id), &awslambda.FunctionProps{
		FunctionName: jsii.String(f.name),
		Description:  jsii.String(f.description),
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      jsii.String(bootstrap),
		Code:         b.code(f.source),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(f.timeoutSeconds)),
		MemorySize:   jsii.Number(f.memoryMB),
		Role:         newRole(stack, f, logs),
		Environment:  &f.environment,
		LogGroup:     logs,
		// JSON has levels. The platform's own lines at INFO, three an invocation, would cost more than the ingest itself.
		LoggingFormat:         awslambda.LoggingFormat_JSON,
		ApplicationLogLevelV2: awslambda.ApplicationLogLevel_INFO,
		SystemLogLevelV2:      awslambda.SystemLogLevel_WARN,
	})
}

func text(n int) *string { return jsii.String(strconv.Itoa(n)) }
