package main

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/stack"
)

func TestAlertsQueue(t *testing.T) {
	tpl := stackTemplate(t)
	checkProperties(t, tpl, "AlertsQueue4709902F", map[string]any{
		"MessageRetentionPeriod": 14 * 24 * 3600.0,
		"VisibilityTimeout":      180.0,
		"SqsManagedSseEnabled":   true,
		"RedrivePolicy":          nil, // after a few tries, it would give up on alerts that cannot be told yet
	})
	checkTLS(t, tpl, "AWS::SQS::QueuePolicy", "Queues", "AlertsQueue4709902F")
	if timeout := tpl.function(t, "heroku-drains-alerts").Properties["Timeout"].(float64); 6*timeout > 180 {
		t.Errorf("the visibility timeout is less than 6 times the function's timeout of %v s", timeout)
	}
}

func TestAlertsMapping(t *testing.T) {
	got := maps.Clone(stackTemplate(t).only(t, "AWS::Lambda::EventSourceMapping").Properties)
	delete(got, "Tags")
	want := map[string]any{
		"EventSourceArn":                 map[string]any{"Fn::GetAtt": []any{"AlertsQueue4709902F", "Arn"}},
		"FunctionName":                   map[string]any{"Ref": "Alerts91F83244"},
		"BatchSize":                      100.0,
		"MaximumBatchingWindowInSeconds": 1.0,
		"ScalingConfig":                  map[string]any{"MaximumConcurrency": 2.0},
		"FunctionResponseTypes":          []any{"ReportBatchItemFailures"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
}

func TestAlertsTable(t *testing.T) {
	tpl := stackTemplate(t)
	checkProperties(t, tpl, "AlertsTable0BD1EA13", map[string]any{
		"BillingMode": "PAY_PER_REQUEST",
		"KeySchema": []any{
			map[string]any{"AttributeName": "app", "KeyType": "HASH"}, map[string]any{"AttributeName": "key", "KeyType": "RANGE"},
		},
		"AttributeDefinitions": []any{
			map[string]any{"AttributeName": "app", "AttributeType": "S"}, map[string]any{"AttributeName": "key", "AttributeType": "S"},
		},
		"TimeToLiveSpecification": map[string]any{"AttributeName": "expires", "Enabled": true},
	})
	if table := tpl.only(t, "AWS::DynamoDB::Table"); table.DeletionPolicy != "Delete" || table.UpdateReplacePolicy != "Delete" {
		t.Errorf("the table has the policies %s and %s", table.DeletionPolicy, table.UpdateReplacePolicy)
	}
}

func TestAlertsTopic(t *testing.T) {
	tpl := stackTemplate(t)
	topic := tpl.Resources["AlertsTopic3414BE91"].Properties
	if key := render(topic["KmsMasterKeyId"]); !strings.HasSuffix(key, ":alias/aws/sns") {
		t.Errorf("the topic is encrypted with %s", key)
	}
	checkTLS(t, tpl, "AWS::SNS::TopicPolicy", "Topics", "AlertsTopic3414BE91")
}

// With a topic that exists, the stack has no other for alerts, and does not subscribe anybody to it. It cannot be deployed to another Region.
func TestAlertTopicARN(t *testing.T) {
	const arn = "arn:aws:sns:eu-west-1:111122223333:team-alerts"
	s := everythingSettings()
	s.alertTopicARN = arn
	tpl, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	if ids := tpl.ids("AWS::SNS::Topic"); len(ids) != 1 || ids[0] != "AlarmTopicD01E77F9" {
		t.Errorf("the stack has the topics %v", ids)
	}
	if got := render(tpl.only(t, "AWS::SNS::Subscription").Properties["TopicArn"]); got != "${AlarmTopicD01E77F9}" {
		t.Errorf("the address is subscribed to %s", got)
	}
	if got := environment(t, tpl, "heroku-drains-alerts")["ALERTS_TOPIC_ARN"]; got != arn {
		t.Errorf("the function publishes to %s", got)
	}
	if got := tpl.Outputs[stack.OutputAlertsTopic].Value; got != arn {
		t.Errorf("the output is %v", got)
	}
	var publish []string
	for _, s := range rolePolicyOf(t, tpl, "heroku-drains-alerts") {
		if len(s.Actions) == 1 && s.Actions[0] == "sns:Publish" {
			publish = append(publish, s.Resource)
		}
	}
	if diff := cmp.Diff([]string{arn}, publish); diff != "" {
		t.Errorf("topics that the function may publish to (-want +got):\n%s", diff)
	}
	want := "map[Fn::Equals:[map[Ref:AWS::Region] eu-west-1]]"
	if got := tpl.Rules["AlertTopicRegion"].Assertions; len(got) != 1 || fmt.Sprint(got[0].Assert) != want {
		t.Errorf("rule about the Region: %v", got)
	}
	if rules := stackTemplate(t).Rules; rules["AlertTopicRegion"].Assertions != nil {
		t.Errorf("the default stack has rules: %v", rules)
	}
}

// Until the alarm, a message of the queue may be a tick with the longest delay, or one that failed twice.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func TestAlertsDelayedAlarmLeavesTimeForTicks(t *testing.T) {
	const longestDelay = 900 // seconds
	if healthy := longestDelay + 2*int(stack.AlertsVisibilityTimeout.Seconds()); alertsDelayMinutes*60 <= healthy {
		t.Errorf("a healthy system may have messages of %d s, but the alarm goes off after %d min", healthy, alertsDelayMinutes)
	}
}

// checkProperties checks some properties of a resource; nil is the value of one that is missing.
func checkProperties(t *testing.T, tpl template, id string, want map[string]any) {
	t.Helper()
	if tpl.Resources[id].Type == "" {
		t.Fatalf("the template has no %s", id)
	}
	for property, value := range want {
		if diff := cmp.Diff(value, tpl.Resources[id].Properties[property]); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", property, id, diff)
		}
	}
}

// checkTLS checks that a resource has a policy that denies requests without TLS.
func checkTLS(t *testing.T, tpl template, policyType, property, id string) {
	t.Helper()
	for _, statement := range tpl.resourcePolicy(policyType, property, id) {
		if statement["Effect"] == "Deny" && render(statement["Condition"]) == "map[Bool:map[aws:SecureTransport:false]]" {
			return
		}
	}
	t.Errorf("requests to %s without TLS are not denied", id)
}

// resourcePolicy returns the statements of the policy of a queue or topic. The property of the policy lists what it is for.
func (tpl template) resourcePolicy(policyType, property, id string) []map[string]any {
	var statements []map[string]any
	for _, policyID := range tpl.ids(policyType) {
		policy := tpl.Resources[policyID].Properties
		if render(policy[property].([]any)[0]) != "${"+id+"}" {
			continue
		}
		for _, s := range policy["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			statements = append(statements, s.(map[string]any))
		}
	}
	return statements
}
