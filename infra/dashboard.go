package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"
)

// A dashboard is 24 columns wide.
const (
	fullWidth = 24
	halfWidth = fullWidth / 2
)

// newDashboard shows in the order of a line's way: what comes in, what is stored and how late, what goes wrong.
func newDashboard(stack awscdk.Stack, s settings, m measures, alarms []awscloudwatch.Alarm) {
	states := make([]interfacesawscloudwatch.IAlarmRef, len(alarms))
	for i, alarm := range alarms {
		states[i] = alarm
	}
	awscloudwatch.NewDashboard(stack, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		DashboardName:   jsii.String(s.resourceName()),
		DefaultInterval: awscdk.Duration_Days(jsii.Number(1)),
		Widgets: &[]*[]awscloudwatch.IWidget{
			{awscloudwatch.NewAlarmStatusWidget(&awscloudwatch.AlarmStatusWidgetProps{
				Title: jsii.String("Alarms"), Alarms: &states, Width: jsii.Number(fullWidth), Height: jsii.Number(3),
			})},
			{
				graph("POSTs and answers", "requests", m.requests, m.refusals, m.failures),
				graph("Slowest answer: Logplex waits 5 seconds", "ms", m.latency),
			},
			{
				graph("Lines stored", "lines", m.stored),
				graph("Lines malformed, moved in time, rejected", "lines", m.malformed, m.moved, m.rejected),
			},
			{
				graph("Lag from line to store", "ms", m.lag),
				graph("Slowest run of each function: they have 29 s and 60 s", "ms", m.drainsDuration, m.storageDuration),
			},
			{
				graph("Dead letters", "messages", m.deadLetters),
				graph("Age of the oldest dead letter: it is kept for 14 days", "s", m.deadLettersAge),
			},
			{
				graph("Errors of the functions", "invocations", m.drainsErrors, m.storageErrors),
				graph("Throttles of the functions", "invocations", m.drainsThrottles, m.storageThrottles),
			},
		},
	})
}

// graph is half a row.
func graph(title, unit string, measures ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
		Title:     jsii.String(title),
		Width:     jsii.Number(halfWidth),
		Left:      &measures,
		LeftYAxis: &awscloudwatch.YAxisProps{Label: jsii.String(unit), ShowUnits: jsii.Bool(false), Min: jsii.Number(0)},
	})
}
