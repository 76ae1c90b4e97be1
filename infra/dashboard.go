package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// A dashboard is 24 columns wide.
const (
	fullWidth = 24
	halfWidth = fullWidth / 2
)

// newDashboard declares the pipeline's dashboard, which follows the path of a line: requests, stored lines and their lag, and failures.
func newDashboard(scope awscdk.Stack, s settings, m measures, alarms []awscloudwatch.Alarm) {
	states := make([]interfacesawscloudwatch.IAlarmRef, len(alarms))
	for i, alarm := range alarms {
		states[i] = alarm
	}
	awscloudwatch.NewDashboard(scope, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		DashboardName:   jsii.String(s.stackName.Resource()),
		DefaultInterval: awscdk.Duration_Days(jsii.Number(1)),
		Widgets: &[]*[]awscloudwatch.IWidget{
			{awscloudwatch.NewAlarmStatusWidget(&awscloudwatch.AlarmStatusWidgetProps{
				Title: jsii.String("Alarms"), Alarms: &states, Width: jsii.Number(fullWidth), Height: jsii.Number(3),
			})},
			{
				graph("POSTs and responses", "requests", m.requests, m.refusals, m.failures),
				graph("Slowest response (Logplex waits 5 s)", "ms", m.latency),
			},
			{
				graph("Lines stored", "lines", m.stored),
				graph("Lines malformed, stored at another time, lost", "lines", m.malformed, m.moved, m.lost),
			},
			{
				graph("Lag until a line is stored", "ms", m.lag),
				graph(fmt.Sprintf("Longest invocation of each function (timeouts %.0f s and %.0f s)",
					stack.DrainsTimeout.Seconds(), stack.StorageTimeout.Seconds()), "ms", m.drainsDuration, m.storageDuration),
			},
			{
				graph("Dead letters", "messages", m.deadLetters),
				graph(fmt.Sprintf("Age of the oldest dead letter (kept for %.0f days)", stack.DeadLetterRetention.Hours()/24), "s", m.deadLettersAge),
			},
			{
				graph("Errors of the functions", "invocations", m.drainsErrors, m.storageErrors),
				graph("Throttles of the functions", "invocations", m.drainsThrottles, m.storageThrottles),
			},
			{
				graph("POSTs refused that may be Heroku's", "requests", m.lostPosts),
				graph("Age of the oldest message in all queues", "s", m.oldestMessage),
			},
		},
	})
}

// graph returns a graph of half the dashboard's width.
func graph(title, unit string, measures ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
		Title:     jsii.String(title),
		Width:     jsii.Number(halfWidth),
		Left:      &measures,
		LeftYAxis: &awscloudwatch.YAxisProps{Label: jsii.String(unit), ShowUnits: jsii.Bool(false), Min: jsii.Number(0)},
	})
}
