package stack_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/caarlos0/env/v11"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/stack"
)

// required returns the variables that have no default, and others.
func required(others map[string]string) map[string]string {
	variables := map[string]string{
		"DRAIN_STORAGE_FUNCTION": "heroku-drains-storage",
		"DEAD_LETTER_QUEUE_ARN":  "arn:aws:sqs:eu-west-1:123456789012:heroku-drains-dead-letters",
		"SIGNING_KEY_SECRET":     "heroku-drains/signing-key",
	}
	maps.Copy(variables, others)
	return variables
}

func TestLoadDrainsEnvironment(t *testing.T) {
	defaults := stack.DrainsEnvironment{
		Stack: "HerokuDrains", LogGroup: "/heroku/apps", StreamPrefix: "[APP]", QueuePrefix: "APP_", StorageFunction: "heroku-drains-storage",
		DeadLetterQueueARN: "arn:aws:sqs:eu-west-1:123456789012:heroku-drains-dead-letters", MaxReceiveCount: 5,
		SigningKey: "heroku-drains/signing-key", VisibilityTimeoutSeconds: 360, BatchSize: 10,
	}
	chosen := defaults
	chosen.Stack = "Staging"
	chosen.LogGroup, chosen.StreamPrefix, chosen.QueuePrefix = "/logs", "app/", "logs-"
	chosen.MaxReceiveCount, chosen.VisibilityTimeoutSeconds = 10, 600
	chosen.BatchSize, chosen.BatchWindowSeconds, chosen.MaximumConcurrency = 500, 30, 20
	chosen.Tags = map[string]string{"team": "web", "url": "https://example.com/a=b", "empty": ""}

	tests := []struct {
		name      string
		variables map[string]string
		want      stack.DrainsEnvironment
	}{
		{"defaults", nil, defaults},
		{"empty variables", map[string]string{"LOG_GROUP_NAME": "", "BATCH_SIZE": "", "RESOURCE_TAGS": ""}, defaults},
		{"chosen", map[string]string{
			"STACK_NAME": "Staging", "LOG_GROUP_NAME": "/logs", "LOG_STREAM_PREFIX": "app/", "QUEUE_PREFIX": "logs-", "MAX_RECEIVE_COUNT": "10",
			"QUEUE_VISIBILITY_TIMEOUT_SECONDS": "600", "BATCH_SIZE": "500", "BATCH_WINDOW_SECONDS": "30", "MAXIMUM_CONCURRENCY": "20",
			"RESOURCE_TAGS": "team=web,url=https://example.com/a=b,empty=",
		}, chosen},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := stack.LoadDrainsEnvironment(required(test.variables))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("environment (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadDrainsEnvironmentNamesTheVariables(t *testing.T) {
	tests := []struct {
		name      string
		variables map[string]string
		want      []string
	}{
		{"nothing set", map[string]string{}, []string{"DRAIN_STORAGE_FUNCTION", "DEAD_LETTER_QUEUE_ARN", "SIGNING_KEY_SECRET"}},
		{"unreadable", required(map[string]string{
			"DEAD_LETTER_QUEUE_ARN": "dead-letters", "MAX_RECEIVE_COUNT": "many", "SIGNING_KEY_SECRET": "", "RESOURCE_TAGS": "team",
		}), []string{
			`DEAD_LETTER_QUEUE_ARN must be the ARN of an SQS queue, not "dead-letters"`, "MAX_RECEIVE_COUNT: ", "SIGNING_KEY_SECRET", "RESOURCE_TAGS: ",
		}},
		{"not a queue", required(map[string]string{
			"DEAD_LETTER_QUEUE_ARN": "arn:aws:sns:eu-west-1:123456789012:dead-letters",
		}), []string{`DEAD_LETTER_QUEUE_ARN must be the ARN of an SQS queue, not "arn:aws:sns:`}},
		{"dead letters under the prefix", required(map[string]string{"QUEUE_PREFIX": "heroku-"}),
			[]string{"QUEUE_PREFIX", "heroku-drains-dead-letters"}},
		{"out of range", required(map[string]string{
			"QUEUE_PREFIX": strings.Repeat("x", 51), "MAX_RECEIVE_COUNT": "1001", "QUEUE_VISIBILITY_TIMEOUT_SECONDS": "43201", "BATCH_SIZE": "11",
		}), []string{
			"QUEUE_PREFIX must have at most 50 characters, not 51", "MAX_RECEIVE_COUNT must be 1 to 1000, not 1001",
			"QUEUE_VISIBILITY_TIMEOUT_SECONDS must be 0 to 43200, not 43201", "BATCH_SIZE",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := stack.LoadDrainsEnvironment(test.variables)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error = %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestLoadStorageEnvironment(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		want      stack.StorageEnvironment
	}{
		{"defaults", nil, stack.StorageEnvironment{LogGroup: "/heroku/apps", StreamPrefix: "[APP]", QueuePrefix: "APP_", RetentionDays: 7,
			AppMetrics: stack.AppMetricsNone, MaxReceiveCount: 5}},
		{"empty variables", map[string]string{"RETENTION_DAYS": "", "APP_METRICS": ""}, stack.StorageEnvironment{LogGroup: "/heroku/apps",
			StreamPrefix: "[APP]", QueuePrefix: "APP_", RetentionDays: 7, AppMetrics: stack.AppMetricsNone, MaxReceiveCount: 5}},
		{"chosen", map[string]string{"LOG_GROUP_NAME": "/logs", "LOG_STREAM_PREFIX": "app/", "QUEUE_PREFIX": "logs-", "RETENTION_DAYS": "0",
			"APP_METRICS": "errors", "DEDUP_TABLE": "dedup", "MAX_RECEIVE_COUNT": "9"},
			stack.StorageEnvironment{LogGroup: "/logs", StreamPrefix: "app/", QueuePrefix: "logs-", AppMetrics: stack.AppMetricsErrors, DedupTable: "dedup",
				MaxReceiveCount: 9}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := stack.LoadStorageEnvironment(test.variables)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("environment (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadStorageEnvironmentNamesTheVariable(t *testing.T) {
	for _, wrong := range [][2]string{{"RETENTION_DAYS", "-1"}, {"RETENTION_DAYS", "a week"}, {"APP_METRICS", "some"}, {"APP_METRICS", "None"}, {"MAX_RECEIVE_COUNT", "0"}} {
		_, err := stack.LoadStorageEnvironment(map[string]string{wrong[0]: wrong[1]})
		if err == nil || !strings.Contains(err.Error(), wrong[0]) {
			t.Errorf("%s=%q: error %v, want one that names the variable", wrong[0], wrong[1], err)
		}
	}
}

// What infra writes is what the function reads, field by field.
func TestEnvironmentsAreReadAsWritten(t *testing.T) {
	drains := stack.DrainsEnvironment{
		Stack: "Logs", LogGroup: "group", StreamPrefix: "stream/", QueuePrefix: "queue-", StorageFunction: "storage",
		DeadLetterQueueARN: "arn:aws-cn:sqs:cn-north-1:123456789012:dead", MaxReceiveCount: 1, SigningKey: "key",
		VisibilityTimeoutSeconds: 2, BatchSize: 3, BatchWindowSeconds: 4, MaximumConcurrency: 5,
		Tags: map[string]string{"team": "web", "url": "https://example.com/a=b", "empty": ""},
	}
	filled(t, drains)
	variables := drains.Map()
	got, err := stack.LoadDrainsEnvironment(variables)
	if diff := cmp.Diff(drains, got); err != nil || diff != "" {
		t.Errorf("drains: error %v (-written +read):\n%s", err, diff)
	}
	wantVariables(t, &drains, variables)

	storage := stack.StorageEnvironment{LogGroup: "group", StreamPrefix: "stream/", QueuePrefix: "queue-", RetentionDays: 1, AlertsQueue: "alerts",
		AppMetrics: stack.AppMetricsAll, DedupTable: "dedup", MaxReceiveCount: 2}
	filled(t, storage)
	variables = storage.Map()
	gotStorage, err := stack.LoadStorageEnvironment(variables)
	if diff := cmp.Diff(storage, gotStorage); err != nil || diff != "" {
		t.Errorf("storage: error %v (-written +read):\n%s", err, diff)
	}
	wantVariables(t, &storage, variables)

	alerts := stack.AlertsEnvironment{
		Stack: "Logs", LogGroup: "group", StreamPrefix: "stream/", QueuePrefix: "queue-", Table: "table", Topic: "topic", Queue: "queue",
	}
	filled(t, alerts)
	variables = alerts.Map()
	gotAlerts, err := stack.LoadAlertsEnvironment(variables)
	if diff := cmp.Diff(alerts, gotAlerts); err != nil || diff != "" {
		t.Errorf("alerts: error %v (-written +read):\n%s", err, diff)
	}
	wantVariables(t, &alerts, variables)
}

func TestLoadAlertsEnvironmentNamesWhatIsMissing(t *testing.T) {
	_, err := stack.LoadAlertsEnvironment(map[string]string{"ALERTS_TABLE": "alerts"})
	if err == nil || !strings.Contains(err.Error(), "ALERTS_TOPIC_ARN") || !strings.Contains(err.Error(), "ALERTS_QUEUE_URL") {
		t.Errorf("error %v, want one that names both missing variables", err)
	}
}

// Zeros that mean something are written, and not replaced by a default when they are read.
func TestZerosAreReadAsWritten(t *testing.T) {
	storage := stack.DefaultStorageEnvironment()
	storage.RetentionDays = 0
	got, err := stack.LoadStorageEnvironment(storage.Map())
	if diff := cmp.Diff(storage, got); err != nil || diff != "" {
		t.Errorf("error %v (-written +read):\n%s", err, diff)
	}
}

// wantVariables checks that the variables are those of an environment's fields.
func wantVariables(t *testing.T, environment any, variables map[string]string) {
	t.Helper()
	fields, err := env.GetFieldParams(environment)
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, field := range fields {
		read = append(read, field.Key)
	}
	slices.Sort(read)
	if diff := cmp.Diff(read, slices.Sorted(maps.Keys(variables))); diff != "" {
		t.Errorf("%T (-read +written):\n%s", environment, diff)
	}
}
