package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/drain"
)

// newRole declares a function's role. It has the function's policy, and may write the function's own log. It does not use AWS's managed policy
// for that, which allows writing to every log group of the account.
func newRole(scope awscdk.Stack, f function, logs awslogs.LogGroup) awsiam.Role {
	statements := append(f.policy, allow(logs.LogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents"))
	return awsiam.NewRole(scope, jsii.String(f.id+"Role"), &awsiam.RoleProps{
		Description: jsii.String("Role of the function " + f.name),
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			f.source: awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements}),
		},
	})
}

// drainsPolicy returns what the drains function needs to manage drains and to queue their lines. Queues and mappings are created at run
// time: queues are recognized by their prefix and the stack's tag, mappings by the function that they call.
func drainsPolicy(scope awscdk.Stack, s settings, logs awslogs.LogGroup, key awssecretsmanager.Secret,
	deadLetters awssqs.Queue, storage awslambda.Function) []awsiam.PolicyStatement {
	callsStorage := map[string]any{"ArnEquals": map[string]any{"lambda:FunctionArn": storage.FunctionArn()}}
	everything := jsii.String("*")

	createMapping := allow(everything, "lambda:CreateEventSourceMapping") // a mapping has no ARN before it exists
	createMapping.AddConditions(&callsStorage)
	changeMapping := allow(mappings(scope), "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping")
	changeMapping.AddConditions(&callsStorage)

	// All actions on queues evaluate the queue's tags, and those that tag evaluate the request's. IAM takes some seconds to know the tags of a
	// new queue: those actions that Heroku's lines and the search for drains need must not depend on them.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-abac-condition-keys.html
	// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
	tagOfQueue, tagInRequest := "aws:ResourceTag/"+drain.TagStack, "aws:RequestTag/"+drain.TagStack
	createQueue := allow(appQueues(scope, s), "sqs:CreateQueue")
	createQueue.AddCondition(jsii.String("StringEquals"), map[string]any{tagInRequest: string(s.stackName)})
	tagQueue := allow(appQueues(scope, s), "sqs:TagQueue") // also for the tags that CreateQueue is given
	tagQueue.AddCondition(jsii.String("StringEquals"), map[string]any{tagInRequest: string(s.stackName)})
	tagQueue.AddCondition(jsii.String("StringEqualsIfExists"), map[string]any{tagOfQueue: string(s.stackName)}) // older versions had no such tag
	changeQueue := allow(appQueues(scope, s), "sqs:DeleteQueue", "sqs:SetQueueAttributes")
	changeQueue.AddCondition(jsii.String("StringEquals"), map[string]any{tagOfQueue: string(s.stackName)})

	return []awsiam.PolicyStatement{
		allow(appQueues(scope, s), "sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:ListQueueTags", "sqs:SendMessage"),
		createQueue,
		tagQueue,
		changeQueue,
		allow(logs.LogGroupArn(), "logs:DescribeLogStreams"),
		allow(appStreams(scope, s, logs), "logs:CreateLogStream", "logs:DeleteLogStream"),
		createMapping,
		changeMapping,
		allow(mappings(scope), "lambda:TagResource"), // for the tags in CreateEventSourceMapping
		// These two search the whole account: AWS supports neither resources nor conditions for them.
		// https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
		allow(everything, "sqs:ListQueues", "lambda:ListEventSourceMappings"),
		// For the age of the messages in the queues, which only metrics have. GetMetricData does not support resources either.
		// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
		allow(everything, "cloudwatch:GetMetricData"),
		allow(deadLetters.QueueArn(), "sqs:GetQueueUrl", "sqs:ListDeadLetterSourceQueues"),
		allow(key.SecretArn(), "secretsmanager:GetSecretValue"),
	}
}

// storagePolicy returns what the storage function needs to move lines from the apps' queues to their streams, and to send what they matched.
// Lambda receives and deletes messages with this role. Only this function can use the table of the messages that are stored, if there is one.
func storagePolicy(scope awscdk.Stack, s settings, logs awslogs.LogGroup, alertsQueue awssqs.Queue, dedup awsdynamodb.Table) []awsiam.PolicyStatement {
	statements := []awsiam.PolicyStatement{
		allow(appQueues(scope, s),
			"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ListQueueTags"),
		allow(appStreams(scope, s, logs), "logs:CreateLogStream", "logs:PutLogEvents"),
		allow(alertsQueue.QueueArn(), "sqs:SendMessage"),
	}
	if dedup != nil {
		statements = append(statements, allow(dedup.TableArn(), "dynamodb:PutItem")) // which returns the item that is in the way
	}
	return statements
}

// alertsPolicy returns what the alerts function needs to count what lines matched, and to tell people. No other function can use the table or
// the topic. Lambda receives and deletes messages with this role; the function itself sends its ticks.
func alertsPolicy(queue awssqs.Queue, table awsdynamodb.Table, topic awssns.ITopic) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		allow(queue.QueueArn(), "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"),
		allow(table.TableArn(), "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan"),
		allow(topic.TopicArn(), "sns:Publish"),
	}
}

func allow(resource *string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:   jsii.Strings(actions...),
		Resources: &[]*string{resource},
	})
}

// appQueues returns the ARN pattern of the queues of all apps.
func appQueues(scope awscdk.Stack, s settings) *string {
	return scope.FormatArn(&awscdk.ArnComponents{Service: jsii.String("sqs"), Resource: jsii.String(s.queuePrefix + "*")})
}

// appStreams returns the ARN pattern of the log streams of all apps.
func appStreams(scope awscdk.Stack, s settings, logs awslogs.LogGroup) *string {
	return scope.FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("logs"),
		Resource:     jsii.String("log-group"),
		ResourceName: jsii.String(*logs.LogGroupName() + ":log-stream:" + s.streamPrefix + "*"),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}

// mappings returns the ARN pattern of all event source mappings: their ARNs end in a UUID that is not known in advance.
func mappings(scope awscdk.Stack) *string {
	return scope.FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("lambda"),
		Resource:     jsii.String("event-source-mapping"),
		ResourceName: jsii.String("*"),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
