package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// alarm goes off when a metric is at or above the threshold in `periods` of the last `of` periods.
type alarm struct {
	id          string // construct id
	name        string // name on AWS, after the stack's name
	description string // what it means, and what to do
	metric      awscloudwatch.Metric
	threshold   float64
	periods, of int
	missing     awscloudwatch.TreatMissingData
}

// lagThresholdMinutes is more than a line takes in a healthy system, even with one retry of a batch, after the queue's visibility timeout of 6
// minutes and twice a batch window of up to 4 minutes. With the longest window, 5 minutes, it takes 16, but not in three periods.
const lagThresholdMinutes = 15

// alertsDelayMinutes is more than a message of the alerts queue takes in a healthy system: a tick's delay of up to 15 minutes, and the retries
// of a batch every 3 minutes.
const alertsDelayMinutes = 30

// alarms returns all alarms. There is one for each problem that needs someone's attention: none for problems that go away without help, or
// that no user would notice.
func (m measures) alarms() []alarm {
	// No data means that nothing happened, so nothing is wrong.
	const ok = awscloudwatch.TreatMissingData_NOT_BREACHING
	return []alarm{
		{
			id: "DeadLettersAlarm", name: "dead-letters",
			description: "Batches of log lines could not be stored. They are kept for 14 days; the log of the storage function says why. " +
				"Fix the cause, then run `heroku-drains-cli redrive`.",
			metric: m.deadLetters,
			// A dead letter has failed for half an hour already, so one is enough. A queue that stays empty has no data.
			threshold: 1, periods: 1, of: 1, missing: ok,
		},
		{
			id: "StorageErrorsAlarm", name: "storage-errors",
			description: "The storage function crashes or times out, and its batches will become dead letters. " +
				"See its log for the cause.",
			metric: m.storageErrors,
			// A batch is retried after 6 minutes: errors in two periods are one batch that failed twice, or many batches.
			threshold: 1, periods: 2, of: 3, missing: ok,
		},
		{
			id: "LagAlarm", name: "lag",
			description: "Lines are stored more than 15 minutes after they were written. Check the throttles and errors of the storage " +
				"function, the CloudWatch Logs quota for PutLogEvents, and https://status.heroku.com.",
			metric:    m.lag,
			threshold: lagThresholdMinutes * 60 * 1000,
			// All three periods, because a single line with an old time is not a lag. Without data, the alarm keeps its state: an outage must
			// not end it, and a quiet night must not start it.
			periods: 3, of: 3, missing: awscloudwatch.TreatMissingData_IGNORE,
		},
		{
			id: "IngestAlarm", name: "ingest-5xx",
			description: "The API returns 5xx. POSTs from Heroku that fail three times are lost. Check the log of the drains function, " +
				"and the state of SQS and Secrets Manager.",
			metric: m.failures,
			// Logplex tries three times: three failures can be a lost batch, fewer cannot.
			threshold: 3, periods: 1, of: 1, missing: ok,
		},
		{
			id: "RejectedAlarm", name: "lost-lines", // the ID is older than the name: see TestLogicalIDsStay
			description: "Lines are lost: Logplex dropped them because this drain did not take them (L10), a dyno printed too fast (L12) or could not " +
				"deliver them (L13), or CloudWatch Logs rejected their timestamps. Run `heroku-drains-cli ledger` to see which, and of which app. For L10, " +
				"check the errors and throttles of the drains function.",
			metric: m.lost,
			// No retry can save these lines. Nothing else reports them for all apps: they are neither errors nor dead letters.
			threshold: 1, periods: 1, of: 1, missing: ok,
		},
		{
			id: "OldMessagesAlarm", name: "old-messages",
			description: "Messages have been waiting in a queue for more than an hour: their lines are not stored, and SQS deletes them after 14 days. " +
				"The log of the drains function names the queues. Run `heroku-drains-cli doctor`: the event source mapping may be disabled or missing.",
			metric:    m.oldestMessage,
			threshold: stack.OldMessage.Seconds(),
			// There is one measurement an hour. Without data, the alarm keeps its state: a failed check must not end it.
			periods: 1, of: 1, missing: awscloudwatch.TreatMissingData_IGNORE,
		},
		{
			id: "RefusedAlarm", name: "posts-refused",
			description: "The API refuses POSTs that may be Heroku's, which are then lost: with a wrong password (401) for an app that has a drain, or " +
				"with the right one for a drain that was deleted (404) or with an unknown compression (415). The log of the drains function names the apps. " +
				"`heroku-drains-cli put -a APP` gives Heroku the right URL; `delete -a APP` removes it.",
			metric: m.lostPosts,
			// Heroku does not retry these POSTs. A quiet app posts rarely, so one is enough.
			threshold: 1, periods: 1, of: 1, missing: ok,
		},
		{
			id: "DrainsThrottlesAlarm", name: "ingest-throttles",
			description: "Lambda throttles the drains function: the account's concurrency is used up. Request a higher quota, " +
				"or find out which function uses it.",
			metric: m.drainsThrottles,
			// A burst passes, and the 5xx alarm reports the POSTs that it costs. A quarter of an hour is not a burst.
			threshold: 1, periods: 3, of: 3, missing: ok,
		},
		{
			id: "StorageThrottlesAlarm", name: "storage-throttles",
			description: "Lambda throttles the storage function: the account's concurrency is used up. Lines wait in their queues. " +
				"Request a higher quota, or find out which function uses it.",
			metric: m.storageThrottles,
			// Event source mappings scale up until they are throttled, and then back off: occasional throttles are normal.
			threshold: 1, periods: 3, of: 3, missing: ok,
		},
		{
			id: "AlertsNotSentAlarm", name: "alerts-not-sent",
			description: "The storage function could not tell the alerts function what lines matched, so alerts on apps may be missing. " +
				"The lines are stored. Its log says why; check the state of SQS and the queue in the output AlertsQueueUrl.",
			metric: m.alertsNotSent,
			// The function has retried it. Nothing else will: the lines are stored, so their messages do not come back.
			threshold: 1, periods: 1, of: 1, missing: ok,
		},
		{
			id: "AlertsDelayedAlarm", name: "alerts-delayed",
			description: "What lines matched has been waiting for more than half an hour: alerts on apps are late, and SQS deletes what is older " +
				"than 14 days. Check that the alerts function's event source mapping is enabled, and whether Lambda throttles the function.",
			metric: m.alertsQueueAge,
			// It also covers throttles. It does not cover messages that the function fails to handle: after three receives, SQS leaves them out.
			threshold: alertsDelayMinutes * 60, periods: 1, of: 1, missing: ok,
		},
		{
			id: "AlertsErrorsAlarm", name: "alerts-errors",
			description: "The alerts function crashes or times out, so alerts on apps are missing until it does not. What lines matched waits in " +
				"its queue for up to 14 days. See the function's log for the cause.",
			metric: m.alertsErrors,
			// A batch is retried after 3 minutes: errors in two periods are one batch that failed twice, or many batches.
			threshold: 1, periods: 2, of: 3, missing: ok,
		},
		{
			id: "AlertsFailedAlarm", name: "alerts-failed",
			description: "The alerts function cannot count what lines matched, or cannot publish notifications, so alerts on apps are missing. " +
				"Its log names the call that fails: of the table, the topic or the queue. Fix the cause; the function keeps trying for 14 days.",
			metric: m.alertsFailed,
			// As above: a message that fails comes back after 3 minutes.
			threshold: 1, periods: 2, of: 3, missing: ok,
		},
		{
			id: "AlertsUnreadableAlarm", name: "alerts-unreadable",
			description: "The alerts function deleted messages that it could not read, so alerts on apps may be missing. After a deployment, the " +
				"functions' previous version sent them, and this passes. Otherwise see the function's log, and let nothing else send to the " +
				"queue in the output AlertsQueueUrl.",
			metric: m.alertsUnreadable,
			// No retry can save these messages.
			threshold: 1, periods: 1, of: 1, missing: ok,
		},
	}
}

// newAlarms declares the alarms, which notify the topic when they go off and when they recover.
func newAlarms(scope awscdk.Stack, s settings, m measures, topic awssns.Topic) []awscloudwatch.Alarm {
	notify := awscloudwatchactions.NewSnsAction(topic)
	var alarms []awscloudwatch.Alarm
	for _, a := range m.alarms() {
		alarm := awscloudwatch.NewAlarm(scope, jsii.String(a.id), &awscloudwatch.AlarmProps{
			AlarmName:          jsii.String(s.stackName.Alarm(a.name)),
			AlarmDescription:   jsii.String(a.description),
			Metric:             a.metric,
			ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
			Threshold:          jsii.Number(a.threshold),
			DatapointsToAlarm:  jsii.Number(a.periods),
			EvaluationPeriods:  jsii.Number(a.of),
			TreatMissingData:   a.missing,
		})
		alarm.AddAlarmAction(notify)
		alarm.AddOkAction(notify)
		alarms = append(alarms, alarm)
	}
	return alarms
}
