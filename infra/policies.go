package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"
)

// newRole is a function's role: what its policy allows, and writing its own log. AWS's managed policy for the latter
// would open every log group of the account.
func newRole(stack awscdk.Stack, f function, logs awslogs.LogGroup) awsiam.Role {
	statements := append(f.policy, allow(logs.LogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents"))
	return awsiam.NewRole(stack, jsii.String(f.id+"Role"), &awsiam.RoleProps{
		Description: jsii.String("Runs the function " + f.name),
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			f.source: awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements}),
		},
	})
}

// drainsPolicy is what managing drains and queueing their lines takes. The queues and mappings are made at run time:
// the queues are known by their prefix, the mappings by the function that they call.
func drainsPolicy(stack awscdk.Stack, s settings, logs awslogs.LogGroup, key awssecretsmanager.Secret,
	storage awslambda.Function) []awsiam.PolicyStatement {
	callsStorage := map[string]any{"ArnEquals": map[string]any{"lambda:FunctionArn": storage.FunctionArn()}}
	everything := jsii.String("*")

	createMapping := allow(everything, "lambda:CreateEventSourceMapping") // there is no ARN before there is a mapping
	createMapping.AddConditions(&callsStorage)
	changeMapping := allow(mappings(stack), "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping")
	changeMapping.AddConditions(&callsStorage)

	return []awsiam.PolicyStatement{
		allow(appQueues(stack, s),
			"sqs:CreateQueue", "sqs:DeleteQueue", "sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:SetQueueAttributes",
			"sqs:TagQueue", "sqs:ListQueueTags", "sqs:SendMessage"),
		allow(logs.LogGroupArn(), "logs:DescribeLogStreams"),
		allow(appStreams(stack, s, logs), "logs:CreateLogStream", "logs:DeleteLogStream"),
		createMapping,
		changeMapping,
		allow(mappings(stack), "lambda:TagResource"), // for the tags that CreateEventSourceMapping is given
		// These two search an account: AWS knows neither a resource nor a condition for them.
		// https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
		allow(everything, "sqs:ListQueues", "lambda:ListEventSourceMappings"),
		allow(key.SecretArn(), "secretsmanager:GetSecretValue"),
	}
}

// storagePolicy is what emptying the apps' queues into their streams takes. Lambda receives and deletes with this role.
func storagePolicy(stack awscdk.Stack, s settings, logs awslogs.LogGroup) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		allow(appQueues(stack, s),
			"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
			"sqs:GetQueueUrl", "sqs:ListQueueTags"),
		allow(appStreams(stack, s, logs), "logs:CreateLogStream", "logs:PutLogEvents"),
	}
}

func allow(resource *string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:   jsii.Strings(actions...),
		Resources: &[]*string{resource},
	})
}

// appQueues are the queues of all apps.
func appQueues(stack awscdk.Stack, s settings) *string {
	return stack.FormatArn(&awscdk.ArnComponents{Service: jsii.String("sqs"), Resource: jsii.String(s.queuePrefix + "*")})
}

// appStreams are the streams of all apps.
func appStreams(stack awscdk.Stack, s settings, logs awslogs.LogGroup) *string {
	return stack.FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("logs"),
		Resource:     jsii.String("log-group"),
		ResourceName: jsii.String(*logs.LogGroupName() + ":log-stream:" + s.streamPrefix + "*"),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}

// mappings are all event source mappings: their ARNs end in a UUID that nobody knows before.
func mappings(stack awscdk.Stack) *string {
	return stack.FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("lambda"),
		Resource:     jsii.String("event-source-mapping"),
		ResourceName: jsii.String("*"),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
