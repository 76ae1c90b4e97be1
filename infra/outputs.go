package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// newOutputs are what the CLI has to know about the stack, by the names it looks for, and what its reader does next.
func newOutputs(stack awscdk.Stack, s settings, api awsapigatewayv2.HttpApi, logs awslogs.LogGroup, deadLetters awssqs.Queue,
	key awssecretsmanager.Secret, storage awslambda.Function, topic awssns.Topic) {
	nextStep := "go run ./cmd/heroku-drains-cli put -a YOUR-APP"
	if s.stackName != defaultStackName {
		nextStep += " --stack " + s.stackName
	}
	for _, output := range []struct {
		name, description string
		value             *string
	}{
		{"ApiUrl", "Where Heroku posts, and where drains are managed", api.ApiEndpoint()},
		{"LogGroupName", "Holds the lines of all apps, a stream each", logs.LogGroupName()},
		{"LogStreamPrefix", "A stream's name is this and the app's", jsii.String(s.streamPrefix)},
		{"QueuePrefix", "A queue's name is this and the app's", jsii.String(s.queuePrefix)},
		{"DeadLetterQueueUrl", "Holds what could not be stored", deadLetters.QueueUrl()},
		{"SigningKeyArn", "The secret that signs the drains' passwords", key.SecretArn()},
		{"AlarmTopicArn", "Tells of the alarms: subscribe to it", topic.TopicArn()},
		{"StorageFunctionName", "Stores what the drains sent", storage.FunctionName()},
		{"NextStep", "Connects an app, here and at Heroku", jsii.String(nextStep)},
	} {
		awscdk.NewCfnOutput(stack, jsii.String(output.name), &awscdk.CfnOutputProps{
			Description: jsii.String(output.description),
			Value:       output.value,
		})
	}
}
