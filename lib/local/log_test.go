package local_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/ledger"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// As on AWS, the log of each function is in its log group, as JSON with the same members, whether it runs in process or as a binary.
func TestFunctionsHaveLogGroups(t *testing.T) {
	for name, binaries := range map[string]bool{"in process": false, "binaries": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var opts local.Options
			if binaries {
				if testing.Short() {
					t.Skip("builds all functions")
				}
				opts.Binaries = localtest.Functions(t)
			}
			system := localtest.Start(t, opts)
			sendAndWait(t, system, 20)
			logs := cloudwatchlogs.NewFromConfig(system.AWS.Config())
			for function, message := range map[string]string{stack.LocalDrainsFunction: "drain put", stack.LocalStorageFunction: ledger.BatchDone} {
				localtest.Eventually(t, "the log of "+function, func() bool {
					found, err := logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{
						LogGroupName: aws.String(stack.FunctionLogGroup(function)), FilterPattern: aws.String(`{ $.message = "` + message + `" }`),
					})
					localtest.Must(t, err)
					for _, e := range found.Events {
						var line struct{ Timestamp, Level, Message, RequestID, App string }
						localtest.Must(t, json.Unmarshal([]byte(*e.Message), &line))
						if line.Timestamp == "" || line.Level != "INFO" || line.RequestID == "" || line.App != "shop" || strings.Contains(*e.Message, "\n") {
							t.Errorf("%s", *e.Message)
						}
					}
					return len(found.Events) > 0
				})
			}
		})
	}
}
