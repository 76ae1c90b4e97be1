package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// outputDescriptions describe the outputs, in the order of the template.
var outputDescriptions = []struct{ name, description string }{
	{name: stack.OutputAPIURL, description: "URL that Heroku posts to, and where drains are managed"},
	{name: stack.OutputLogGroup, description: "Log group of all apps, with one stream per app"},
	{name: stack.OutputStreamPrefix, description: "Prefix of log stream names; the app's name follows"},
	{name: stack.OutputQueuePrefix, description: "Prefix of queue names; the app's name follows"},
	{name: stack.OutputDeadLetterQueue, description: "Queue of the messages that could not be stored"},
	{name: stack.OutputSigningKey, description: "Secret from which the drains' passwords are derived"},
	{name: stack.OutputAlarmTopic, description: "SNS topic that receives the alarms; subscribe to it"},
	{name: stack.OutputDrainsFunction, description: "Function that manages drains and receives POSTs from Heroku"},
	{name: stack.OutputStorageFunction, description: "Function that stores lines in CloudWatch Logs"},
	{name: stack.OutputAlertsFunction, description: "Function that tells people when lines match alert rules"},
	{name: stack.OutputAlertsQueue, description: "Queue of what lines matched"},
	{name: stack.OutputAlertsTopic, description: "SNS topic that receives the alerts on apps; subscribe to it"},
	{name: stack.OutputNextStep, description: "Command that connects an app, on AWS and at Heroku"},
}

// addOutputs declares what the CLI needs to know about the stack, and a hint for the user.
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
