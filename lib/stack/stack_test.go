package stack_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// filled checks that a test gives every field of a struct a value, so that a new field is not left untested.
func filled(t *testing.T, v any) {
	t.Helper()
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			t.Fatalf("this test gives %s.%s no value", value.Type(), value.Type().Field(i).Name)
		}
	}
}

func TestOutputsAreReadAsWritten(t *testing.T) {
	written := stack.Outputs{
		APIURL: "url", LogGroup: "group", StreamPrefix: "stream", QueuePrefix: "queue", DeadLetterQueueURL: "dead", SigningKey: "key",
		AlarmTopic: "topic", DrainsFunction: "drains", StorageFunction: "storage",
		AlertsFunction: "alerts", AlertsQueueURL: "alertsqueue", AlertsTopic: "alertstopic", NextStep: "next",
	}
	filled(t, written)
	values := written.Map()
	// The names are part of the contract with stacks that are deployed already.
	want := map[string]string{
		"ApiUrl": "url", "LogGroupName": "group", "LogStreamPrefix": "stream", "QueuePrefix": "queue", "DeadLetterQueueUrl": "dead",
		"SigningKeyArn": "key", "AlarmTopicArn": "topic", "DrainsFunctionName": "drains", "StorageFunctionName": "storage",
		"AlertsFunctionName": "alerts", "AlertsQueueUrl": "alertsqueue", "AlertsTopicArn": "alertstopic", "NextStep": "next",
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	values["Other"] = "of a later version"
	if diff := cmp.Diff(written, stack.ParseOutputs(values)); diff != "" {
		t.Errorf("outputs (-written +read):\n%s", diff)
	}
}

func TestMissingOutputsAreEmpty(t *testing.T) {
	if got := stack.ParseOutputs(nil); got != (stack.Outputs{}) {
		t.Errorf("ParseOutputs(nil) = %+v", got)
	}
	if got := (stack.Outputs{APIURL: "url"}).Map(); len(got) != 1 {
		t.Errorf("Map of one output = %v", got)
	}
}

func TestNamesDeriveFromTheStacks(t *testing.T) {
	for stackName, want := range map[stack.Name]string{
		stack.DefaultName: "heroku-drains",
		"HerokuDrains2":   "heroku-drains2",
		"Staging-Logs":    "staging-logs",
		"LOGS":            "logs",
	} {
		for got, want := range map[string]string{
			stackName.Resource():                                want,
			stackName.DrainsFunction():                          want,
			stackName.StorageFunction():                         want + "-storage",
			stackName.Alarm("lag"):                              want + "-lag",
			stackName.AccessLogGroup():                          "/aws/vendedlogs/" + want,
			stack.FunctionLogGroup(stackName.StorageFunction()): "/aws/lambda/" + want + "-storage",
		} {
			if got != want {
				t.Errorf("%s: name %q, want %q", stackName, got, want)
			}
		}
	}
}

func TestRoutes(t *testing.T) {
	var got []string
	for _, r := range stack.Routes() {
		if r.Key != r.Method()+" "+r.Path() {
			t.Errorf("the route %s has the method %s and the path %s", r.Key, r.Method(), r.Path())
		}
		if r.Access == stack.ByPassword {
			got = append(got, r.Key)
		}
	}
	if diff := cmp.Diff([]string{"POST /drains/{app}"}, got); diff != "" {
		t.Errorf("routes that anyone may call (-want +got):\n%s", diff)
	}
	if got := stack.DrainPath("shop"); got != "/drains/shop" {
		t.Errorf("DrainPath = %s", got)
	}
}

// The queues of apps with the longest names keep within SQS's limit of 80 characters.
func TestTheLongestQueuePrefixLeavesRoomForAnApp(t *testing.T) {
	app := strings.Repeat("a", 30)
	if err := drain.ValidateApp(app); err != nil {
		t.Fatal(err)
	}
	names := drain.Names{QueuePrefix: strings.Repeat("x", stack.MaxQueuePrefix)}
	if n := len(names.Queue(app)); n > 80 {
		t.Errorf("the longest queue name has %d characters", n)
	}
}

func TestLocalFunctionsHaveTheNamesOfTheDefaultStack(t *testing.T) {
	name := stack.Name(stack.DefaultName)
	if stack.LocalDrainsFunction != name.DrainsFunction() || stack.LocalStorageFunction != name.StorageFunction() {
		t.Errorf("names %s and %s, want %s and %s",
			stack.LocalDrainsFunction, stack.LocalStorageFunction, name.DrainsFunction(), name.StorageFunction())
	}
}

// The local system's outputs name the queue and the functions that it has; lib/local tests that it does.
func TestLocalOutputs(t *testing.T) {
	want := map[string]string{
		"ApiUrl": "http://api", "LogGroupName": "/heroku/apps", "LogStreamPrefix": "[APP]", "QueuePrefix": "APP_",
		"DeadLetterQueueUrl": "http://aws/000000000000/heroku-drains-dead-letters", "SigningKeyArn": "heroku-drains/signing-key",
		"DrainsFunctionName": "heroku-drains", "StorageFunctionName": "heroku-drains-storage",
		"AlertsFunctionName": "heroku-drains-alerts", "AlertsQueueUrl": "http://aws/000000000000/heroku-drains-alerts",
		"AlertsTopicArn": "arn:aws:sns:us-east-1:000000000000:heroku-drains-alerts",
	}
	if diff := cmp.Diff(want, stack.LocalOutputs("http://api", "http://aws").Map()); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}
