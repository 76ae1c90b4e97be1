package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/stack"
)

// scheduledEvent returns the event that the stack's schedule calls the drains function with.
func scheduledEvent(t *testing.T) string {
	t.Helper()
	targets := stackTemplate(t).only(t, "AWS::Events::Rule").Properties["Targets"].([]any)
	return targets[0].(map[string]any)["Input"].(string)
}

func TestSchedule(t *testing.T) {
	tpl := stackTemplate(t)
	rule := tpl.only(t, "AWS::Events::Rule").Properties
	targets := rule["Targets"].([]any)
	if rule["ScheduleExpression"] != "rate(1 hour)" || rule["State"] != "ENABLED" || len(targets) != 1 {
		t.Errorf("the rule has the schedule %v, the state %v, and %d targets", rule["ScheduleExpression"], rule["State"], len(targets))
	}
	if arn := render(targets[0].(map[string]any)["Arn"]); arn != "${Drains921341E0.Arn}" {
		t.Errorf("the rule calls %s", arn)
	}
	var event map[string]string
	if err := json.Unmarshal([]byte(scheduledEvent(t)), &event); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"version": "2.0", "routeKey": stack.RouteCheckQueues}, event); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	for _, id := range tpl.ids("AWS::Lambda::Permission") {
		p := tpl.Resources[id].Properties
		if p["Principal"] == "events.amazonaws.com" && render(p["SourceArn"]) == "${"+tpl.ids("AWS::Events::Rule")[0]+".Arn}" {
			return
		}
	}
	t.Error("the rule may not call the function")
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
