package main

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/caarlos0/env/v11"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/stack"
)

// functionNames are the names of all functions of a stack with the default name.
var functionNames = []string{"heroku-drains", "heroku-drains-storage", "heroku-drains-alerts"}

func TestFunctions(t *testing.T) {
	tpl := stackTemplate(t)
	if got := len(tpl.ids("AWS::Lambda::Function")); got != len(functionNames) {
		t.Errorf("the template has %d functions, want %d; no test checks the policies of others", got, len(functionNames))
	}
	tests := []struct {
		name            string
		timeout, memory float64
	}{
		{"heroku-drains", 29, 256},
		{"heroku-drains-storage", 60, 256},
		{"heroku-drains-alerts", 30, 256},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			properties := tpl.function(t, test.name).Properties
			want := map[string]any{
				"Runtime":       "provided.al2023",
				"Architectures": []any{"arm64"},
				"Handler":       "bootstrap",
				"Timeout":       test.timeout,
				"MemorySize":    test.memory,
				// With reserved concurrency, lines would be lost in a burst.
				"ReservedConcurrentExecutions": nil,
			}
			for property, value := range want {
				if diff := cmp.Diff(value, properties[property]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", property, diff)
				}
			}

			logging := properties["LoggingConfig"].(map[string]any)
			for property, value := range map[string]string{"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"} {
				if logging[property] != value {
					t.Errorf("%s is %v, want %s", property, logging[property], value)
				}
			}
			group := tpl.Resources[logging["LogGroup"].(map[string]any)["Ref"].(string)]
			wantGroup := map[string]any{"LogGroupName": "/aws/lambda/" + test.name, "RetentionInDays": 14.0}
			for property, value := range wantGroup {
				if group.Properties[property] != value {
					t.Errorf("the function's log group has %s %v, want %v", property, group.Properties[property], value)
				}
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	tests := map[string]map[string]string{
		"heroku-drains": {
			"STACK_NAME":                       "HerokuDrains",
			"LOG_GROUP_NAME":                   "${LogGroupF5B46931}",
			"LOG_STREAM_PREFIX":                "[APP]",
			"QUEUE_PREFIX":                     "APP_",
			"DRAIN_STORAGE_FUNCTION":           "${Storage07F31EBC.Arn}",
			"DEAD_LETTER_QUEUE_ARN":            "${DeadLettersBBF8BAAB.Arn}",
			"MAX_RECEIVE_COUNT":                "5",
			"SIGNING_KEY_SECRET":               "${SigningKeyEEFC2790}",
			"QUEUE_VISIBILITY_TIMEOUT_SECONDS": "360",
			"BATCH_SIZE":                       "10",
			"BATCH_WINDOW_SECONDS":             "0",
			"MAXIMUM_CONCURRENCY":              "0",
			"RESOURCE_TAGS":                    "application=heroku-drains,stack=HerokuDrains",
		},
		"heroku-drains-storage": {
			"LOG_GROUP_NAME":    "${LogGroupF5B46931}",
			"LOG_STREAM_PREFIX": "[APP]",
			"QUEUE_PREFIX":      "APP_",
			"RETENTION_DAYS":    "7",
			"APP_METRICS":       "none",
			"DEDUP_TABLE":       "",
			"MAX_RECEIVE_COUNT": "5",
			"ALERTS_QUEUE_URL":  "${AlertsQueue4709902F}",
		},
		"heroku-drains-alerts": {
			"STACK_NAME":        "HerokuDrains",
			"LOG_GROUP_NAME":    "${LogGroupF5B46931}",
			"LOG_STREAM_PREFIX": "[APP]",
			"QUEUE_PREFIX":      "APP_",
			"ALERTS_TABLE":      "${AlertsTable0BD1EA13}",
			"ALERTS_TOPIC_ARN":  "${AlertsTopic3414BE91}",
			"ALERTS_QUEUE_URL":  "${AlertsQueue4709902F}",
		},
	}
	for function, want := range tests {
		if diff := cmp.Diff(want, environment(t, stackTemplate(t), function)); diff != "" {
			t.Errorf("environment of %s (-want +got):\n%s", function, diff)
		}
	}
}

// The functions must accept the environment that the stack gives them, and read all of it: a setting whose variable is misspelled would have no
// effect.
func TestFunctionsReadTheirEnvironment(t *testing.T) {
	tpl := stackTemplate(t)
	drains, storage, alerts := environment(t, tpl, "heroku-drains"), environment(t, tpl, "heroku-drains-storage"), environment(t, tpl, "heroku-drains-alerts")
	drains["DEAD_LETTER_QUEUE_ARN"] = "arn:aws:sqs:us-east-1:000000000000:HerokuDrains-DeadLetters" // an ARN only once deployed
	if _, err := stack.LoadDrainsEnvironment(drains); err != nil {
		t.Error(err)
	}
	if _, err := stack.LoadStorageEnvironment(storage); err != nil {
		t.Error(err)
	}
	if _, err := stack.LoadAlertsEnvironment(alerts); err != nil {
		t.Error(err)
	}
	for _, function := range []struct {
		config any
		given  map[string]string
	}{{&stack.DrainsEnvironment{}, drains}, {&stack.StorageEnvironment{}, storage}, {&stack.AlertsEnvironment{}, alerts}} {
		fields, err := env.GetFieldParams(function.config)
		if err != nil {
			t.Fatal(err)
		}
		var read []string
		for _, field := range fields {
			read = append(read, field.Key)
		}
		slices.Sort(read)
		if diff := cmp.Diff(read, slices.Sorted(maps.Keys(function.given))); diff != "" {
			t.Errorf("%T (-read +given):\n%s", function.config, diff)
		}
	}
}

// If a message became visible again while the storage function works on it, its lines would be stored twice.
func TestQueueVisibilityIsSixTimesTheStorageTimeout(t *testing.T) {
	tpl := stackTemplate(t)
	visibility, err := strconv.ParseFloat(environment(t, tpl, "heroku-drains")["QUEUE_VISIBILITY_TIMEOUT_SECONDS"], 64)
	if err != nil {
		t.Fatal(err)
	}
	timeout := tpl.function(t, "heroku-drains-storage").Properties["Timeout"].(float64)
	if visibility < 6*timeout {
		t.Errorf("the visibility timeout is %v s, less than 6 times the storage function's timeout of %v s", visibility, timeout)
	}
}

// environment returns a function's environment, rendered.
func environment(t *testing.T, tpl template, function string) map[string]string {
	t.Helper()
	variables := tpl.function(t, function).Properties["Environment"].(map[string]any)["Variables"].(map[string]any)
	return renderAll(variables)
}
