package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/stack"
)

// rule returns the schedule that calls a function, by the function's logical ID.
func (tpl template) rule(t *testing.T, function string) (id string, properties map[string]any) {
	t.Helper()
	for _, id := range tpl.ids("AWS::Events::Rule") {
		properties := tpl.Resources[id].Properties
		if targets := properties["Targets"].([]any); len(targets) == 1 && render(targets[0].(map[string]any)["Arn"]) == "${"+function+".Arn}" {
			return id, properties
		}
	}
	t.Fatalf("no schedule calls %s", function)
	return "", nil
}

// scheduledEvent returns the event that a schedule calls a function with.
func scheduledEvent(t *testing.T, function string) string {
	t.Helper()
	_, rule := stackTemplate(t).rule(t, function)
	return rule["Targets"].([]any)[0].(map[string]any)["Input"].(string)
}

func TestSchedules(t *testing.T) {
	tpl := stackTemplate(t)
	if ids := tpl.ids("AWS::Events::Rule"); len(ids) != 2 {
		t.Errorf("the stack has the schedules %v, want 2", ids)
	}
	for function, route := range map[string]string{"Drains921341E0": stack.RouteCheckQueues, "Alerts91F83244": stack.RouteCheckAlerts} {
		id, rule := tpl.rule(t, function)
		if rule["ScheduleExpression"] != "rate(1 hour)" || rule["State"] != "ENABLED" {
			t.Errorf("%s has the schedule %v and the state %v", id, rule["ScheduleExpression"], rule["State"])
		}
		var event map[string]string
		if err := json.Unmarshal([]byte(scheduledEvent(t, function)), &event); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"version": "2.0", "routeKey": route}, event); diff != "" {
			t.Errorf("event of %s (-want +got):\n%s", id, diff)
		}
		if !slices.ContainsFunc(tpl.ids("AWS::Lambda::Permission"), func(permission string) bool {
			p := tpl.Resources[permission].Properties
			return p["Principal"] == "events.amazonaws.com" && render(p["SourceArn"]) == "${"+id+".Arn}" &&
				render(p["FunctionName"]) == "${"+function+".Arn}"
		}) {
			t.Errorf("%s may not call %s", id, function)
		}
	}
}

// The alarm's period must have a measurement, and the alarm must come long before SQS deletes the messages.
func TestOldMessagesAreNoticedInTime(t *testing.T) {
	if late := stack.OldMessage + 2*stack.QueueCheckInterval; late > stack.DeadLetterRetention/10 {
		t.Errorf("the alarm may come %s after a message was sent", late)
	}
	if retries := stack.DefaultMaxReceiveCount * stack.QueueVisibilityTimeout; stack.OldMessage <= retries {
		t.Errorf("a message is retried for %s, but old after %s", retries, stack.OldMessage)
	}
}
