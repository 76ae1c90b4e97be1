package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

func TestRetentionsAreThoseOfCloudWatchLogs(t *testing.T) {
	if diff := cmp.Diff(append([]int{0}, stack.Retentions()...), slices.Sorted(maps.Keys(retentions))); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
}

func TestParseSettings(t *testing.T) {
	tests := []struct {
		name    string
		context map[string]any
		change  func(*settings)
	}{
		{"defaults", nil, func(*settings) {}},
		{"CDK's own keys are not settings",
			map[string]any{"@aws-cdk/core:checkSecretUsage": true, "aws:cdk:bundling-stacks": []any{"*"}, "acknowledged-issue-numbers": []any{1.0}},
			func(*settings) {}},
		{"as text, as -c gives them", map[string]any{
			"stackName": "Logs-2", "logGroupName": "/my/apps", "retentionDays": "365", "logClass": "infrequent-access", "streamPrefix": "app/",
			"queuePrefix": "logs-2_", "batchSize": "10000", "batchWindowSeconds": "300", "maximumConcurrency": "2", "maxReceiveCount": "1000",
			"accessLog": "false", "alertEmail": "ops@example.com", "dashboard": "false", "appMetrics": "errors", "dedup": "durable",
			"alertTopicArn": "arn:aws-us-gov:sns:us-gov-west-1:111122223333:Team_Alerts-2", "alertRules": "../rules.yaml",
			"tags": "team=web, cost-center=42,url=https://example.com/a=b,Größe=", "removalPolicy": "destroy",
		}, func(s *settings) {
			*s = settings{
				stackName: "Logs-2", logGroupName: "/my/apps", retentionDays: 365, logClass: awslogs.LogGroupClass_INFREQUENT_ACCESS,
				streamPrefix: "app/", queuePrefix: "logs-2_", batchSize: 10_000, batchWindowSeconds: 300, maximumConcurrency: 2,
				maxReceiveCount: 1000, accessLog: false, alertEmail: "ops@example.com", dashboard: false, appMetrics: stack.AppMetricsErrors, dedup: stack.DedupDurable, removalPolicy: awscdk.RemovalPolicy_DESTROY,
				alertTopicARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:Team_Alerts-2", alertRules: "../rules.yaml",
				tags: map[string]string{"team": "web", "cost-center": "42", "url": "https://example.com/a=b", "Größe": ""},
			}
		}},
		{"as numbers, as cdk.json gives them", map[string]any{"retentionDays": 3653.0, "batchSize": 1.0, "maximumConcurrency": 0.0},
			func(s *settings) { s.retentionDays, s.batchSize = 3653, 1 }},
		{"as true or false, as cdk.json gives them", map[string]any{"accessLog": true, "dashboard": false},
			func(s *settings) { s.dashboard = false }},
		{"true or false as text", map[string]any{"accessLog": "false", "dashboard": "true"},
			func(s *settings) { s.accessLog = false }},
		{"minimum values", map[string]any{"retentionDays": "1", "logClass": "standard", "streamPrefix": "/", "queuePrefix": "_",
			"maxReceiveCount": "1", "removalPolicy": "retain"},
			func(s *settings) { s.retentionDays, s.streamPrefix, s.queuePrefix, s.maxReceiveCount = 1, "/", "_", 1 }},
		{"a batch of 10 needs no window", map[string]any{"batchSize": "10", "batchWindowSeconds": "0"}, func(*settings) {}},
		{"a batch over 10 with a window", map[string]any{"batchSize": "11", "batchWindowSeconds": "1"},
			func(s *settings) { s.batchSize, s.batchWindowSeconds = 11, 1 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseSettings(test.context)
			if err != nil {
				t.Fatal(err)
			}
			want := defaultSettings()
			test.change(&want)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(settings{})); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseSettingsRejects(t *testing.T) {
	long := strings.Repeat("x", 513)
	tests := []struct {
		key    string
		values []any
		reason string
	}{
		{"stackName", []any{"", "1st", "Heroku_Drains", "Héroku", long[:129], true, nil}, "must be a letter, then letters, digits and hyphens"},
		{"logGroupName", []any{"", "/heroku apps", "/heroku:apps", "/heroku/*", long, true}, "must be 1 to 512 of"},
		{"retentionDays", []any{"8", "-1", "", "7d", "9999", 7.5, []any{7.0}}, "must be one of 0, 1, 3, 5, 7, 14,"},
		{"logClass", []any{"", "STANDARD", "ia"}, "must be standard or infrequent-access"},
		{"streamPrefix", []any{"", "app:", "app*", "app?", "${app}", long[:64] + "/", "-", "app", "app-", "[APP]2"}, "must be 1 to 64 of"},
		{"queuePrefix", []any{"", "APP.", "APP*", "[APP]", long[:50] + "_", "-", "APP", "app", "Logs-", "APP_staging-", "APP_STAGING_", "APP__", "_APP_"},
			"must be up to 49 of"},
		{"batchSize", []any{"0", "10001", "ten", ""}, "must be 1 to 10000"},
		{"batchWindowSeconds", []any{"-1", "301", "1s"}, "must be 0 to 300"},
		{"maximumConcurrency", []any{"1", "-1", "1001"}, "must be 2 to 1000, or 0 for no limit"},
		{"maxReceiveCount", []any{"0", "1001"}, "must be 1 to 1000"},
		{"accessLog", []any{"", "yes", "True", 1.0, nil}, "must be true or false"},
		{"alertEmail", []any{"", "ops", "ops@", "Ops <ops@example.com>", "ops@example.com, dev@example.com", true}, "must be an email address"},
		{"dashboard", []any{"", "1", "on"}, "must be true or false"},
		{"dedup", []any{"", "Durable", "none", true}, "must be warm or durable"},
		{"appMetrics", []any{"", "All", "true", true}, "must be none, errors or all"},
		{"tags", []any{"", "team", "=web", "team=web,", "team=web,team=data", "team=a;b", "aws:team=web", "AWS:team=web", "heroku-drains:app=shop",
			long[:129] + "=web", "team=" + long[:257], strings.Repeat("x=y,", 41), true}, "must be key=value pairs separated by commas"},
		{"removalPolicy", []any{"", "RETAIN", "snapshot"}, "must be retain or destroy"},
		{"alertTopicArn", []any{"", "alerts", "arn:aws:sns:eu-west-1:111122223333", "arn:aws:sns:eu-west-1:111122223333:alerts.fifo",
			"arn:aws:sqs:eu-west-1:111122223333:alerts", "arn:aws:sns:eu-west-1:1111:alerts", "arn:aws:sns:eu-west-1:111122223333:alerts:*", true},
			"must be the ARN of a standard SNS topic"},
		{"alertRules", []any{"", true, 1.0}, "must be the path of a YAML file with alert rules, relative to cdk.json"},
		{"alarmRules", []any{"rules.json"}, "unknown setting alarmRules in the CDK context; the settings are accessLog, alertEmail, alertRules,"},
		{"retentiondays", []any{"7"}, "unknown setting retentiondays"},
	}
	for _, test := range tests {
		for _, value := range test.values {
			_, err := parseSettings(map[string]any{test.key: value})
			if err == nil {
				t.Errorf("%s=%v was accepted", test.key, value)
				continue
			}
			if !strings.Contains(err.Error(), test.reason) || !strings.Contains(err.Error(), test.key) {
				t.Errorf("%s=%v: the error does not say %q: %v", test.key, value, test.reason, err)
			}
			if text, ok := value.(string); ok && len(text) > 0 && !strings.Contains(test.reason, "unknown") && !strings.Contains(err.Error(), text) {
				t.Errorf("%s=%v: the error does not name the value: %v", test.key, value, err)
			}
		}
	}
}

// The page must say of each setting what it means, and whether it can be changed once there are drains.
func TestPageSaysWhetherASettingCanBeChanged(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "settings.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "| key | default | meaning | can be changed later |\n")
	if !found {
		t.Fatal("docs/settings.md has no table of the settings")
	}
	answer := regexp.MustCompile(`^(yes|no|\[with care\]|\[not while there are drains\])`)
	var described []string
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(row), " | ")
		if len(cells) < 4 {
			if strings.HasPrefix(row, "|---") {
				continue
			}
			break
		}
		described = append(described, strings.Trim(cells[0], "|` "))
		if !answer.MatchString(cells[3]) {
			t.Errorf("docs/settings.md does not say whether %s can be changed later: %s", cells[0], cells[3])
		}
	}
	slices.Sort(described)
	s := defaultSettings()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(s.fields())), described); diff != "" {
		t.Errorf("settings in docs/settings.md (-want +got):\n%s", diff)
	}
}

// Whatever prefixes two stacks have, no queue or stream of one has a name that the other has for an app, and no queue of one begins as those of the
// other do, which is how IAM tells them apart. So the stack's dead-letter queue, whose name has no underscore, is not an app's queue either.
func TestPrefixesOfTwoStacksDoNotOverlap(t *testing.T) {
	accepted := func(setting string) []string {
		var all []string
		parts := []string{"", "APP", "app", "-", "_", "x", "X", "9", "[", "]", "/", "staging-", "_b", "B_"}
		for _, first := range parts {
			for _, second := range parts {
				for _, third := range parts {
					prefix := first + second + third
					if _, err := parseSettings(map[string]any{setting: prefix}); err == nil && !slices.Contains(all, prefix) {
						all = append(all, prefix)
					}
				}
			}
		}
		if len(all) < 10 {
			t.Errorf("only %d of the prefixes are accepted as %s", len(all), setting)
		}
		return all
	}
	streams := accepted("streamPrefix")
	for _, one := range streams {
		for _, other := range streams {
			if rest, longer := strings.CutPrefix(other, one); longer && rest != "" && drain.ValidateApp(rest+"abc") == nil {
				t.Errorf("streamPrefix: with %s, an app's stream can have the name of one with %s", one, other)
			}
		}
	}
	queues := accepted("queuePrefix")
	for _, one := range queues {
		for _, other := range queues {
			if one != other && strings.HasPrefix(other, one) {
				t.Errorf("queuePrefix: %s begins with %s", other, one)
			}
		}
		if strings.HasPrefix("Stack-"+deadLettersID, one) {
			t.Errorf("queuePrefix: a dead-letter queue can begin with %s", one)
		}
	}
}

func TestParseSettingsRejectsCombinations(t *testing.T) {
	tests := []struct {
		name    string
		context map[string]any
		reasons []string
	}{
		{"a batch over 10 without a window", map[string]any{"batchSize": "11"},
			[]string{"batchSize=11", "batchWindowSeconds=0", "at least 1 second"}},
		{"a stack name that makes the function name too long", map[string]any{"stackName": strings.Repeat("Ab", 20)},
			[]string{"stackName=AbAb", "ab-ab", "-storage", "67 characters; Lambda allows 64"}},
		{"every wrong one at once", map[string]any{"batchSize": "0", "retentionDays": "8", "color": "red"},
			[]string{"batchSize=0", "retentionDays=8", "color"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseSettings(test.context)
			if err == nil {
				t.Fatal("they were accepted")
			}
			for _, reason := range test.reasons {
				if !strings.Contains(err.Error(), reason) {
					t.Errorf("the error does not say %q: %v", reason, err)
				}
			}
		})
	}
}
