package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// alarm is a measure and when it is trouble: when it is at the threshold or above it in so many of the last periods.
type alarm struct {
	id          string // construct id
	name        string // on AWS, behind the stack's
	description string // what it means, and what to do
	measure     awscloudwatch.Metric
	threshold   float64
	periods, of int
	missing     awscloudwatch.TreatMissingData
}

// lagThresholdMinutes is more than a healthy system can take: the longest batch window there is, 5 minutes, and a batch
// that comes again once, after the queue's 6 minutes.
const lagThresholdMinutes = 15

// alarms are what somebody has to hear of. What heals by itself is left out, and what Heroku's users would not notice.
func (m measures) alarms() []alarm {
	// Where nothing happens, nothing is counted; and nothing is wrong.
	const none = awscloudwatch.TreatMissingData_NOT_BREACHING
	return []alarm{
		{
			id: "DeadLettersAlarm", name: "dead-letters",
			description: "Batches of log lines could not be stored. They are kept for 14 days: the storage function's log says why. " +
				"Mend the cause, then start the dead-letter queue's redrive.",
			measure: m.deadLetters,
			// Each has failed for half an hour already, so one is enough. A queue that stays empty has no metric.
			threshold: 1, periods: 1, of: 1, missing: none,
		},
		{
			id: "StorageErrorsAlarm", name: "storage-errors",
			description: "The storage function crashes or times out, and its batches are on their way to the dead letters. " +
				"Look into its log.",
			measure: m.storageErrors,
			// One batch comes again after 6 minutes, so that two periods with errors are one that failed twice, or many.
			threshold: 1, periods: 2, of: 3, missing: none,
		},
		{
			id: "LagAlarm", name: "lag",
			description: "Lines are stored more than 15 minutes after they were written. Look at the storage function's throttles and " +
				"errors, at CloudWatch Logs' quota for PutLogEvents, and at https://status.heroku.com.",
			measure:   m.lag,
			threshold: lagThresholdMinutes * 60 * 1000,
			// In a row: a single line with an old time is no lag. When no line is stored at all, what was last known
			// stays true: a standstill does not end an alarm, and a quiet night does not make one.
			periods: 3, of: 3, missing: awscloudwatch.TreatMissingData_IGNORE,
		},
		{
			id: "IngestAlarm", name: "ingest-5xx",
			description: "The API answers with 5xx. Of Heroku's POSTs, what fails three times is lost. Look into the drains function's " +
				"log, and at the state of SQS and Secrets Manager.",
			measure: m.failures,
			// Logplex tries three times, so that three failures can be a lost batch, and fewer cannot.
			threshold: 3, periods: 1, of: 1, missing: none,
		},
		{
			id: "RejectedAlarm", name: "lines-rejected",
			description: "CloudWatch Logs turned lines down for their time, and they are lost. The storage function's log has their number.",
			measure:     m.rejected,
			// No retry brings them back. They show nowhere else: neither as an error, nor as a dead letter.
			threshold: 1, periods: 1, of: 1, missing: none,
		},
		{
			id: "DrainsThrottlesAlarm", name: "ingest-throttles",
			description: "Lambda has no capacity for the drains function: the account's concurrency is used up. Ask for more, " +
				"or find who uses it.",
			measure: m.drainsThrottles,
			// A burst passes: what it costs, the 5xx tell. A quarter of an hour is no burst.
			threshold: 1, periods: 3, of: 3, missing: none,
		},
		{
			id: "StorageThrottlesAlarm", name: "storage-throttles",
			description: "Lambda has no capacity for the storage function: the account's concurrency is used up. Lines wait in " +
				"their queues. Ask for more, or find who uses it.",
			measure: m.storageThrottles,
			// Mappings try how much they get, and back off: throttles now and then are their way of working.
			threshold: 1, periods: 3, of: 3, missing: none,
		},
	}
}

// newAlarms makes the alarms, which tell the topic when they begin and when they end.
func newAlarms(stack awscdk.Stack, s settings, m measures, topic awssns.Topic) []awscloudwatch.Alarm {
	tell := awscloudwatchactions.NewSnsAction(topic)
	var made []awscloudwatch.Alarm
	for _, a := range m.alarms() {
		alarm := awscloudwatch.NewAlarm(stack, jsii.String(a.id), &awscloudwatch.AlarmProps{
			AlarmName:          jsii.String(s.resourceName() + "-" + a.name),
			AlarmDescription:   jsii.String(a.description),
			Metric:             a.measure,
			ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
			Threshold:          jsii.Number(a.threshold),
			DatapointsToAlarm:  jsii.Number(a.periods),
			EvaluationPeriods:  jsii.Number(a.of),
			TreatMissingData:   a.missing,
		})
		alarm.AddAlarmAction(tell)
		alarm.AddOkAction(tell)
		made = append(made, alarm)
	}
	return made
}
