package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/stack"
)

// untagged are the resource types of the stack that do not support tags in CloudFormation.
var untagged = map[string]bool{
	"AWS::ApiGatewayV2::Integration": true, "AWS::ApiGatewayV2::Route": true, "AWS::Lambda::Permission": true, "AWS::SQS::QueuePolicy": true,
	"AWS::CDK::Metadata": true, "AWS::SNS::Subscription": true, "AWS::SNS::TopicPolicy": true,
	"AWS::Logs::QueryDefinition": true, "AWS::Logs::MetricFilter": true,
}

func TestTags(t *testing.T) {
	tests := []struct {
		name     string
		template template
		want     map[string]string
	}{
		{"default", stackTemplate(t), map[string]string{"application": "heroku-drains", "stack": "HerokuDrains"}},
		{"by settings", everything(t), map[string]string{
			"application": "logs", "stack": "HerokuDrains", "team": "web", "url": "https://example.com/a=b",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for id, r := range test.template.Resources {
				if untagged[r.Type] {
					continue
				}
				if diff := cmp.Diff(test.want, resourceTags(r)); diff != "" {
					t.Errorf("tags of %s, a %s (-want +got):\n%s", id, r.Type, diff)
				}
			}

			// The drains function tags what it creates at run time.
			drains := environment(t, test.template, "heroku-drains")
			drains["DEAD_LETTER_QUEUE_ARN"] = "arn:aws:sqs:us-east-1:000000000000:HerokuDrains-DeadLetters"
			config, err := stack.LoadDrainsEnvironment(drains)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, config.Tags); diff != "" {
				t.Errorf("tags that the drains function gives (-want +got):\n%s", diff)
			}
		})
	}
}

// resourceTags returns a resource's tags, which CloudFormation has two forms of.
func resourceTags(r resource) map[string]string {
	got := map[string]string{}
	switch tags := r.Properties["Tags"].(type) {
	case []any:
		for _, tag := range tags {
			pair := tag.(map[string]any)
			got[pair["Key"].(string)] = pair["Value"].(string)
		}
	case map[string]any:
		got = renderAll(tags)
	}
	return got
}
