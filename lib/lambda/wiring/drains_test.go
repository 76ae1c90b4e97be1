package wiring_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/wiring"
)

func drainsEnviron(overrides map[string]string) map[string]string {
	environ := map[string]string{
		"DRAIN_STORAGE_FUNCTION": "heroku-drains-storage",
		"DEAD_LETTER_QUEUE_ARN":  "arn:aws:sqs:eu-west-1:123456789012:heroku-drains-dead-letters",
		"SIGNING_KEY_SECRET":     "heroku-drains/signing-key",
	}
	maps.Copy(environ, overrides)
	return environ
}

func TestLoadDrains(t *testing.T) {
	defaults := wiring.DrainsConfig{
		LogGroup:        "/heroku/apps",
		StreamPrefix:    "[APP]",
		QueuePrefix:     "APP_",
		StorageFunction: "heroku-drains-storage",
		DeadLetterQueue: arn.ARN{
			Partition: "aws", Service: "sqs", Region: "eu-west-1", AccountID: "123456789012", Resource: "heroku-drains-dead-letters",
		},
		MaxReceiveCount:   5,
		SigningKeySecret:  "heroku-drains/signing-key",
		VisibilityTimeout: 360,
		BatchSize:         10,
	}
	chosen := defaults
	chosen.LogGroup, chosen.StreamPrefix, chosen.QueuePrefix = "/logs", "app/", "logs-"
	chosen.MaxReceiveCount, chosen.VisibilityTimeout, chosen.BatchSize, chosen.BatchWindow, chosen.MaxConcurrency = 10, 600, 500, 30, 20

	chosen.Tags = map[string]string{"team": "web", "url": "https://example.com/a=b", "empty": ""}

	tests := []struct {
		name    string
		environ map[string]string
		want    wiring.DrainsConfig
	}{
		{"defaults", nil, defaults},
		{"chosen", map[string]string{
			"LOG_GROUP_NAME": "/logs", "LOG_STREAM_PREFIX": "app/", "QUEUE_PREFIX": "logs-", "MAX_RECEIVE_COUNT": "10",
			"QUEUE_VISIBILITY_TIMEOUT_SECONDS": "600", "BATCH_SIZE": "500", "BATCH_WINDOW_SECONDS": "30", "MAXIMUM_CONCURRENCY": "20",
			"RESOURCE_TAGS": "team=web,url=https://example.com/a=b,empty=",
		}, chosen},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := wiring.LoadDrains(drainsEnviron(test.environ))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("config (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadDrainsNamesTheVariables(t *testing.T) {
	tests := []struct {
		name    string
		environ map[string]string
		want    []string
	}{
		{"nothing set", map[string]string{}, []string{"DRAIN_STORAGE_FUNCTION", "DEAD_LETTER_QUEUE_ARN", "SIGNING_KEY_SECRET"}},
		{"unreadable", drainsEnviron(map[string]string{
			"DEAD_LETTER_QUEUE_ARN": "dead-letters", "MAX_RECEIVE_COUNT": "many", "SIGNING_KEY_SECRET": "", "RESOURCE_TAGS": "team",
		}), []string{"DEAD_LETTER_QUEUE_ARN: arn: ", "MAX_RECEIVE_COUNT: ", "SIGNING_KEY_SECRET", "RESOURCE_TAGS: "}},
		{"no queue", drainsEnviron(map[string]string{
			"DEAD_LETTER_QUEUE_ARN": "arn:aws:sns:eu-west-1:123456789012:dead-letters",
		}), []string{"DEAD_LETTER_QUEUE_ARN is arn:aws:sns:"}},
		{"dead letters under the prefix", drainsEnviron(map[string]string{"QUEUE_PREFIX": "heroku-"}),
			[]string{"QUEUE_PREFIX", "heroku-drains-dead-letters"}},
		{"out of range", drainsEnviron(map[string]string{
			"QUEUE_PREFIX": strings.Repeat("x", 51), "MAX_RECEIVE_COUNT": "0", "QUEUE_VISIBILITY_TIMEOUT_SECONDS": "43201", "BATCH_SIZE": "11",
		}), []string{"QUEUE_PREFIX has 51", "MAX_RECEIVE_COUNT is 0", "QUEUE_VISIBILITY_TIMEOUT_SECONDS is 43201", "BATCH_SIZE"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := wiring.LoadDrains(test.environ)
			if err == nil {
				t.Fatal("LoadDrains took it")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error = %q, want %q in it", err, want)
				}
			}
		})
	}
}
