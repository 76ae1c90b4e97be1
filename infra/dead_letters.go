package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// deadLettersID is the construct's id; it is part of the name that CloudFormation gives the queue.
const deadLettersID = "DeadLetters"

// newDeadLetters is the queue for what the storage function failed to store maxReceiveCount times, of all apps.
func newDeadLetters(stack awscdk.Stack) awssqs.Queue {
	return awssqs.NewQueue(stack, jsii.String(deadLettersID), &awssqs.QueueProps{
		// The longest that SQS has, so that there is time to mend the cause and send them back.
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
		// The queues of the apps are made at run time, and `byQueue` would have to name each of them here, ten at most.
		RedriveAllowPolicy: &awssqs.RedriveAllowPolicy{RedrivePermission: awssqs.RedrivePermission_ALLOW_ALL},
	})
}
