package alerting_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting"
	"heroku-drains/lib/local/localtest"
)

// Four functions count what four storage functions report of a rule, all at the same time. One of them tells the alert, and one its end.
func TestFourFunctionsAtOnce(t *testing.T) {
	f := newFunction(t, rules)
	atOnce := func(batches [][]alert.Message) {
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				one := alerting.New(f.Config)
				for i := n; i < len(batches); i += 4 {
					var batch events.SQSEvent
					for j, m := range batches[i] {
						body, err := json.Marshal(m)
						localtest.Must(t, err)
						batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint(i, j), Body: string(body)})
					}
					payload, err := json.Marshal(batch)
					localtest.Must(t, err)
					response, err := one.Handle(t.Context(), payload)
					localtest.Must(t, err)
					if failed := response.(events.SQSEventResponse).BatchItemFailures; len(failed) > 0 {
						t.Errorf("delivered again: %v", failed)
					}
				}
			})
		}
		all.Wait()
	}
	var batches [][]alert.Message
	for i := range 40 {
		report := f.report("shop", "H12", fmt.Sprint(i), 1)
		batches = append(batches, []alert.Message{report, report}, []alert.Message{report})
	}
	atOnce(batches)
	f.at(noon.Add(time.Hour))
	var looks [][]alert.Message
	for range 8 {
		looks = append(looks, []alert.Message{{Tick: &alert.Tick{App: "shop", Rule: "H12", Due: noon.Add(30 * time.Minute)}}})
	}
	atOnce(looks)
	if len(f.published) != 2 || f.published[0].Event != alert.Firing {
		t.Fatalf("published %q", f.subjects())
	}
	if diff := cmp.Diff("[shop] H12 Request timeout: resolved, 40 lines", f.published[1].Subject); diff != "" {
		t.Errorf("the end (-want +got):\n%s", diff)
	}
}
