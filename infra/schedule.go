package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// newSchedules declares the rules that make the functions look for what is overdue.
func newSchedules(scope awscdk.Stack, drains, alerts awslambda.Function) {
	newSchedule(scope, schedule{
		id: "QueueCheck", description: "Makes the drains function look for messages that are not stored",
		function: drains, route: stack.RouteCheckQueues, interval: stack.QueueCheckInterval,
	})
	newSchedule(scope, schedule{
		id: "AlertsCheck", description: "Makes the alerts function look for alerts whose next step is overdue",
		function: alerts, route: stack.RouteCheckAlerts, interval: stack.AlertsCheckInterval,
	})
}

// schedule calls a function at an interval.
type schedule struct {
	id          string // construct id
	description string
	function    awslambda.Function
	route       string // in the event
	interval    time.Duration
}

// newSchedule declares the rule of a schedule. Its event has the form of an API request, with a route key that the API does not have.
func newSchedule(scope awscdk.Stack, s schedule) {
	interval := awscdk.Duration_Minutes(jsii.Number(s.interval.Minutes()))
	awsevents.NewRule(scope, jsii.String(s.id), &awsevents.RuleProps{
		Description: jsii.String(s.description),
		Schedule:    awsevents.Schedule_Rate(interval),
		Targets: &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(s.function, &awseventstargets.LambdaFunctionProps{
			Event: awsevents.RuleTargetInput_FromObject(map[string]string{"version": "2.0", "routeKey": s.route}),
			// A late check is useless, because the next one follows.
			MaxEventAge: interval,
		})},
	})
}
