package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

func TestAlarms(t *testing.T) {
	tpl := stackTemplate(t)
	// Metric, statistic and period, threshold, data points, and how missing data counts.
	want := map[string]string{
		"heroku-drains-dead-letters": "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=${DeadLettersBBF8BAAB.QueueName}, " +
			"Maximum over 300 s >= 1, 1 of 1, notBreaching",
		"heroku-drains-storage-errors": "AWS/Lambda Errors FunctionName=${Storage07F31EBC}, Sum over 300 s >= 1, 2 of 3, notBreaching",
		"heroku-drains-lag":            "HerokuDrains/heroku-drains-storage Lag, Maximum over 300 s >= 900000, 3 of 3, ignore",
		"heroku-drains-ingest-5xx":     "AWS/ApiGateway 5xx ApiId=${ApiF70053CD}, Sum over 300 s >= 3, 1 of 1, notBreaching",
		"heroku-drains-lost-lines": "HerokuDrains LinesLost FunctionName=${Storage07F31EBC}, " +
			"Sum over 300 s >= 1, 1 of 1, notBreaching",
		"heroku-drains-old-messages":      "HerokuDrains OldestMessage FunctionName=${Drains921341E0}, Maximum over 3600 s >= 3600, 1 of 1, ignore",
		"heroku-drains-posts-refused":     "HerokuDrains PostsRefused FunctionName=${Drains921341E0}, Sum over 300 s >= 1, 1 of 1, notBreaching",
		"heroku-drains-ingest-throttles":  "AWS/Lambda Throttles FunctionName=${Drains921341E0}, Sum over 300 s >= 1, 3 of 3, notBreaching",
		"heroku-drains-storage-throttles": "AWS/Lambda Throttles FunctionName=${Storage07F31EBC}, Sum over 300 s >= 1, 3 of 3, notBreaching",
		"heroku-drains-alerts-not-sent":   "HerokuDrains AlertsNotSent FunctionName=${Storage07F31EBC}, Sum over 300 s >= 1, 1 of 1, notBreaching",
		"heroku-drains-alerts-delayed": "AWS/SQS ApproximateAgeOfOldestMessage QueueName=${AlertsQueue4709902F.QueueName}, " +
			"Maximum over 300 s >= 1800, 1 of 1, notBreaching",
		"heroku-drains-alerts-errors":     "AWS/Lambda Errors FunctionName=${Alerts91F83244}, Sum over 300 s >= 1, 2 of 3, notBreaching",
		"heroku-drains-alerts-failed":     "HerokuDrains AlertsFailed FunctionName=${Alerts91F83244}, Sum over 300 s >= 1, 2 of 3, notBreaching",
		"heroku-drains-alerts-unreadable": "HerokuDrains AlertsUnreadable FunctionName=${Alerts91F83244}, Sum over 300 s >= 1, 1 of 1, notBreaching",
	}
	got := map[string]string{}
	for _, id := range tpl.ids("AWS::CloudWatch::Alarm") {
		p := tpl.Resources[id].Properties
		if p["ComparisonOperator"] != "GreaterThanOrEqualToThreshold" {
			t.Errorf("%s compares with %v", id, p["ComparisonOperator"])
		}
		metric := fmt.Sprint(p["Namespace"], " ", p["MetricName"])
		if dimensions, ok := p["Dimensions"].([]any); ok {
			dimension := dimensions[0].(map[string]any)
			metric += fmt.Sprintf(" %v=%s", dimension["Name"], render(dimension["Value"]))
		}
		got[p["AlarmName"].(string)] = fmt.Sprintf("%s, %v over %v s >= %.0f, %v of %v, %v", metric, p["Statistic"], p["Period"], p["Threshold"], p["DatapointsToAlarm"],
			p["EvaluationPeriods"], p["TreatMissingData"])

		if description := p["AlarmDescription"].(string); len(description) < 60 || len(description) > 1024 {
			t.Errorf("the description of %s has %d characters: it should say what the alarm means and what to do, in at most 1,024", id, len(description))
		}
		for _, actionType := range []string{"AlarmActions", "OKActions"} {
			if actions := p[actionType].([]any); len(actions) != 1 || render(actions[0]) != "${AlarmTopicD01E77F9}" {
				t.Errorf("%s: %s are %v", id, actionType, actions)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
}

// TestMetricFilters checks what CloudWatch Logs makes metrics of. Package ledger tests what the patterns match.
func TestMetricFilters(t *testing.T) {
	tpl := stackTemplate(t)
	got := map[string]string{}
	for _, id := range tpl.ids("AWS::Logs::MetricFilter") {
		p := tpl.Resources[id].Properties
		for _, m := range p["MetricTransformations"].([]any) {
			m := m.(map[string]any)
			got[m["MetricName"].(string)] = fmt.Sprintf("%v of %v in %v, %s: %v", m["MetricValue"], m["Unit"], m["MetricNamespace"], render(p["LogGroupName"]), p["FilterPattern"])
		}
	}
	const from = "in HerokuDrains/heroku-drains-storage, ${StorageLogs5B8326AB}: "
	want := map[string]string{
		"Lag":         "$.line_lag_ms of Milliseconds " + from + ledger.LineLagFilter().Pattern,
		"LinesStored": "$.stored of Count " + from + ledger.StoredFilter().Pattern,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metric filters (-want +got):\n%s", diff)
	}
}

// The longest that a line takes in a healthy system is the longest batch window, and one retry of its batch.
func TestLagAlarmLeavesTimeForARetry(t *testing.T) {
	const longestWindow = 300 // seconds; https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
	if healthy := longestWindow + int(stack.QueueVisibilityTimeout.Seconds()); lagThresholdMinutes*60 <= healthy {
		t.Errorf("a healthy system may take %d s to store a line, but the alarm goes off after %d min", healthy, lagThresholdMinutes)
	}
}

func TestAlarmTopic(t *testing.T) {
	tpl := stackTemplate(t)
	topic := tpl.Resources["AlarmTopicD01E77F9"].Properties
	if key := topic["KmsMasterKeyId"]; key != nil {
		t.Errorf("the topic has the key %v: does the key's policy admit CloudWatch?", key)
	}
	var got []string
	for _, statement := range tpl.resourcePolicy("AWS::SNS::TopicPolicy", "Topics", "AlarmTopicD01E77F9") {
		principal, condition := statement["Principal"], statement["Condition"].(map[string]any)
		for operator, operands := range condition {
			for key, value := range operands.(map[string]any) {
				got = append(got, fmt.Sprintf("%v %v by %v when %s %s %s",
					statement["Effect"], statement["Action"], principal, operator, key, render(value)))
			}
		}
	}
	want := []string{
		"Deny sns:Publish by * when Bool aws:SecureTransport false",
		"Allow sns:Publish by map[Service:cloudwatch.amazonaws.com] when ArnLike aws:SourceArn " +
			"arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:heroku-drains-*",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("who may publish (-want +got):\n%s", diff)
	}
}

func TestAlertEmail(t *testing.T) {
	if ids := stackTemplate(t).ids("AWS::SNS::Subscription"); len(ids) > 0 {
		t.Errorf("the default stack has subscriptions: %v", ids)
	}
	tpl := everything(t)
	var got []string
	for _, id := range tpl.ids("AWS::SNS::Subscription") {
		s := tpl.Resources[id].Properties
		got = append(got, fmt.Sprintf("%v %v to %s", s["Protocol"], s["Endpoint"], render(s["TopicArn"])))
	}
	want := []string{"email ops@example.com to ${AlarmTopicD01E77F9}", "email ops@example.com to ${AlertsTopic3414BE91}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("subscriptions (-want +got):\n%s", diff)
	}
}
