package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOutputs(t *testing.T) {
	s := defaultSettings()
	s.stackName, s.streamPrefix, s.queuePrefix = "Staging", "app/", "staging-"
	staging, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		template template
		want     map[string]string
	}{
		{"default", stackTemplate(t), map[string]string{
			"LogStreamPrefix": "[APP]",
			"QueuePrefix":     "APP_",
			"NextStep":        "go run ./cmd/heroku-drains-cli put -a YOUR-APP",
		}},
		{"by settings", staging, map[string]string{
			"LogStreamPrefix": "app/",
			"QueuePrefix":     "staging-",
			"NextStep":        "go run ./cmd/heroku-drains-cli put -a YOUR-APP --stack Staging",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := map[string]string{}
			for name, output := range test.template.Outputs {
				got[name] = render(output.Value)
			}
			test.want["ApiUrl"] = "${ApiF70053CD.ApiEndpoint}"
			test.want["LogGroupName"] = "${LogGroupF5B46931}"
			test.want["DeadLetterQueueUrl"] = "${DeadLettersBBF8BAAB}"
			test.want["SigningKeyArn"] = "${SigningKeyEEFC2790}"
			test.want["AlarmTopicArn"] = "${AlarmTopicD01E77F9}"
			test.want["DrainsFunctionName"] = "${Drains921341E0}"
			test.want["StorageFunctionName"] = "${Storage07F31EBC}"
			test.want["AlertsFunctionName"] = "${Alerts91F83244}"
			test.want["AlertsQueueUrl"] = "${AlertsQueue4709902F}"
			test.want["AlertsTopicArn"] = "${AlertsTopic3414BE91}"
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("outputs (-want +got):\n%s", diff)
			}
		})
	}
}
