package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// outputDescriptions describe the outputs, in the order of the template.
var outputDescriptions = []struct{ name, description string }{
	{name: stack.OutputAPIURL, description: "Where Heroku posts, and where drains are managed"},
	{name: stack.OutputLogGroup, description: "Holds the lines of all apps, with a stream per app"},
	{name: stack.OutputStreamPrefix, description: "The name of a stream is this, then the app's name"},
	{name: stack.OutputQueuePrefix, description: "The name of a queue is this, then the app's name"},
	{name: stack.OutputDeadLetterQueue, description: "Holds messages that could not be stored"},
	{name: stack.OutputSigningKey, description: "The secret that signs the drains' passwords"},
	{name: stack.OutputAlarmTopic, description: "Receives the alarms; subscribe to it"},
	{name: stack.OutputDrainsFunction, description: "Manages drains, and receives what Heroku posts"},
	{name: stack.OutputStorageFunction, description: "Stores lines in CloudWatch Logs"},
	{name: stack.OutputNextStep, description: "Connects an app on AWS and at Heroku"},
}

// addOutputs declares what the CLI needs to know about the stack, and what to do next.
func addOutputs(scope awscdk.Stack, outputs stack.Outputs) {
	values := outputs.Map()
	for _, output := range outputDescriptions {
		awscdk.NewCfnOutput(scope, jsii.String(output.name), &awscdk.CfnOutputProps{
			Description: jsii.String(output.description),
			Value:       jsii.String(values[output.name]),
		})
	}
}

// nextStep returns the command that connects the first app.
func nextStep(name stack.Name) string {
	command := "go run ./cmd/heroku-drains-cli put -a YOUR-APP"
	if name != stack.DefaultName {
		command += " --stack " + string(name)
	}
	return command
}
