package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newStack declares the one stack there is. The construct ids of what holds state (LogGroup, SigningKey, DeadLetters)
// make the logical ids by which CloudFormation knows it again: another id is another resource, and the old one's
// content is lost to the stack.
func newStack(scope constructs.Construct, s settings, b *builder) awscdk.Stack {
	tags := map[string]*string{}
	for key, value := range s.resourceTags() {
		tags[key] = jsii.String(value)
	}
	// No account and no region: the template fits any, and a deployment takes the caller's.
	stack := awscdk.NewStack(scope, jsii.String(s.stackName), &awscdk.StackProps{
		Description: jsii.String("Heroku log drains into CloudWatch Logs"),
		Tags:        &tags,
	})
	for key, value := range tags {
		awscdk.Tags_Of(stack).Add(jsii.String(key), value, nil) // on each resource, so that the template shows them
	}

	logs := newLogGroup(stack, s)
	key := newSigningKey(stack, s)
	deadLetters := newDeadLetters(stack)
	storage := newStorageFunction(stack, s, b, logs)
	drains := newDrainsFunction(stack, s, b, logs, key, deadLetters, storage)
	api := newAPI(stack, s, drains)

	measures := newMeasures(api, deadLetters, drains, storage)
	topic := newAlarmTopic(stack, s)
	alarms := newAlarms(stack, s, measures, topic)
	if s.dashboard {
		newDashboard(stack, s, measures, alarms)
	}

	newOutputs(stack, s, api, logs, deadLetters, key, storage, topic)
	return stack
}
