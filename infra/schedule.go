package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// newSchedule declares the rule that makes the drains function look for messages that are not stored. Its event has the form of an API
// request, with a route key that the API does not have.
func newSchedule(scope awscdk.Stack, drains awslambda.Function) {
	awsevents.NewRule(scope, jsii.String("QueueCheck"), &awsevents.RuleProps{
		Description: jsii.String("Makes the drains function look for messages that are not stored"),
		Schedule:    awsevents.Schedule_Rate(awscdk.Duration_Minutes(jsii.Number(stack.QueueCheckInterval.Minutes()))),
		Targets: &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(drains, &awseventstargets.LambdaFunctionProps{
			Event: awsevents.RuleTargetInput_FromObject(map[string]string{"version": "2.0", "routeKey": stack.RouteCheckQueues}),
			// A late check is useless, because the next one follows.
			MaxEventAge: awscdk.Duration_Minutes(jsii.Number(stack.QueueCheckInterval.Minutes())),
		})},
	})
}
