package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// newStack declares the stack. CloudFormation identifies a resource by its logical ID, which is derived from the construct's id. With another
// id, a resource that holds state (LogGroup, SigningKey, DeadLetters) would be replaced by an empty one.
func newStack(app constructs.Construct, s settings, b *builder) awscdk.Stack {
	tags := map[string]*string{}
	for key, value := range s.resourceTags() {
		tags[key] = jsii.String(value)
	}
	// Without an account and a Region, the template works in any: a deployment uses the caller's.
	scope := awscdk.NewStack(app, jsii.String(string(s.stackName)), &awscdk.StackProps{
		Description: jsii.String("Sends the logs of Heroku apps to CloudWatch Logs"),
		Tags:        &tags,
	})
	for key, value := range tags {
		awscdk.Tags_Of(scope).Add(jsii.String(key), value, nil) // on each resource, so that the template shows them
	}

	logs := newLogGroup(scope, s)
	key := newSigningKey(scope, s)
	deadLetters := newDeadLetters(scope)
	alertsQueue := newAlertsQueue(scope)
	alertsTopic := newAlertsTopic(scope, s)
	alerts := newAlertsFunction(scope, s, b, logs, alertsQueue, newAlertsTable(scope), alertsTopic)
	newAlertsMapping(scope, alerts, alertsQueue)
	storage := newStorageFunction(scope, s, b, logs, alertsQueue, newDedupTable(scope, s))
	drains := newDrainsFunction(scope, s, b, logs, key, deadLetters, storage)
	api := newAPI(scope, s, map[stack.Function]awslambda.Function{stack.DrainsSource: drains, stack.AlertsSource: alerts})
	newSchedules(scope, drains, alerts)

	measures := newMeasures(api, deadLetters, alertsQueue, drains, storage, alerts, newBatchMetrics(scope, s, storage))
	topic := newAlarmTopic(scope, s)
	alarms := newAlarms(scope, s, measures, topic)
	if s.dashboard {
		newDashboard(scope, s, measures, alarms)
		newAppsDashboard(scope, s, logs)
	}
	newSavedQueries(scope, s, logs)

	addOutputs(scope, stack.Outputs{
		APIURL:             *api.ApiEndpoint(),
		LogGroup:           *logs.LogGroupName(),
		StreamPrefix:       s.streamPrefix,
		QueuePrefix:        s.queuePrefix,
		DeadLetterQueueURL: *deadLetters.QueueUrl(),
		SigningKey:         *key.SecretArn(),
		AlarmTopic:         *topic.TopicArn(),
		DrainsFunction:     *drains.FunctionName(),
		StorageFunction:    *storage.FunctionName(),
		AlertsFunction:     *alerts.FunctionName(),
		AlertsQueueURL:     *alertsQueue.QueueUrl(),
		AlertsTopic:        *alertsTopic.TopicArn(),
		NextStep:           nextStep(s.stackName),
	})
	return scope
}
