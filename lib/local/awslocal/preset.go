package awslocal

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// NamedFault is a Fault with a name.
type NamedFault struct {
	Name   string
	Effect string // what it does, as a clause without a subject's name: "half of the calls are throttled"
	Fault  Fault
}

// Presets returns faults with names. They select all services that they make sense for, at all times: set Service, Resource, After and For to
// narrow them. Their rates leave callers that retry, as AWS's SDKs do, a good chance.
func Presets() []NamedFault {
	return []NamedFault{
		{"outage", "all calls fail with status 503", Fault{Refuse: RefuseUnavailable}},
		{"throttling", "half of the calls are throttled", Fault{Refuse: RefuseThrottled, Rate: 0.5}},
		{"error", "half of the calls fail with status 500", Fault{Refuse: RefuseFailed, Rate: 0.5}},
		{"unavailable", "half of the calls fail with status 503", Fault{Refuse: RefuseUnavailable, Rate: 0.5}},
		{"timeout", "one call in ten is neither done nor answered", Fault{Drop: HangBefore, Rate: 0.1}},
		{"reset", "one connection in five is reset", Fault{Drop: Reset, Rate: 0.2}},
		{"lost-answer", "one call in five takes effect, but its response is lost", Fault{Drop: DropAfter, Rate: 0.2}},
		{"late-answer", "one call in ten takes effect, but is never answered", Fault{Drop: HangAfter, Rate: 0.1}},
		{"half-answer", "one response in five ends in its middle", Fault{Drop: HalfAnswer, Rate: 0.2}},
		{"slow", "each call takes a second longer", Fault{Delay: time.Second}},
		{"kill-before", "one call in ten kills its function before it takes effect", Fault{Kill: KillBefore, Rate: 0.1}},
		{"kill-after", "one call in ten kills its function after it took effect", Fault{Kill: KillAfter, Rate: 0.1}},
		{"freeze", "functions are frozen, and cut off, between invocations", Fault{
			Service: "lambda", Operation: "Invoke", Kill: Freeze,
		}},
		{"skew", "AWS's clock is 20 minutes ahead of the callers'", Fault{Skew: 20 * time.Minute}},
		{"duplicates", "SQS delivers half of the messages twice", Fault{Service: "sqs", Duplicate: true, Rate: 0.5}},
		{"reorder", "SQS delivers messages in a random order", Fault{Service: "sqs", Shuffle: true}},
		{"mapping-lag", "changes of event source mappings take 20 minutes", Fault{Service: "lambda", Transition: 20 * time.Minute}},
		{"polling-lag", "event source mappings receive nothing", Fault{Service: "sqs", Operation: "ReceiveMessage", Caller: ByMapping, Refuse: RefuseUnavailable}},
		{"delete-queue", "a queue is deleted when a message is sent to it, once", Fault{
			Service: "sqs", Operation: "SendMessage", Remove: RemoveResource, Times: 1,
		}},
		{"delete-stream", "a log stream is deleted when lines are put into it, once", Fault{
			Service: "logs", Operation: "PutLogEvents", Remove: RemoveResource, Times: 1,
		}},
		{"delete-table", "a table is deleted when it is used, once", Fault{Service: "dynamodb", Remove: RemoveResource, Times: 1}},
		{"delete-mapping", "a queue's mapping is deleted when a message is sent, once", Fault{
			Service: "sqs", Operation: "SendMessage", Remove: RemoveMapping, Times: 1,
		}},
		{"disable-mapping", "a queue's mapping is disabled when a message is sent, once", Fault{
			Service: "sqs", Operation: "SendMessage", Remove: DisableMapping, Times: 1,
		}},
		{"undeleted", "event source mappings cannot delete messages", Fault{
			Service: "sqs", Operation: "DeleteMessage", Caller: ByMapping, Refuse: RefuseUnavailable,
		}},
	}
}

// Preset returns the fault with a name of Presets.
func Preset(name string) (Fault, error) {
	presets := Presets()
	i := slices.IndexFunc(presets, func(n NamedFault) bool { return n.Name == name })
	if i < 0 {
		var names []string
		for _, n := range presets {
			names = append(names, n.Name)
		}
		return Fault{}, fmt.Errorf("unknown fault %q: choose one of %s", name, strings.Join(names, ", "))
	}
	return presets[i].Fault, nil
}
