package main

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/google/go-cmp/cmp"
)

// CloudFormation replaces a resource whose logical ID changes. The first group holds lines, passwords, the address that Heroku posts to, and the
// subscriptions to alarms and alerts, and their state. The others have fixed names, which are taken as long as the old resources exist, so that a deployment would fail.
// Never adapt this test to a refactoring.
func TestLogicalIDsStay(t *testing.T) {
	want := map[string]string{
		"LogGroupF5B46931":    "AWS::Logs::LogGroup",
		"SigningKeyEEFC2790":  "AWS::SecretsManager::Secret",
		"DeadLettersBBF8BAAB": "AWS::SQS::Queue",
		"ApiF70053CD":         "AWS::ApiGatewayV2::Api",
		"DrainsLogs152E0F28":  "AWS::Logs::LogGroup",
		"StorageLogs5B8326AB": "AWS::Logs::LogGroup",
		"AccessLogD598EBE9":   "AWS::Logs::LogGroup",
		"AlarmTopicD01E77F9":  "AWS::SNS::Topic",
		"AlertsTopic3414BE91": "AWS::SNS::Topic",
		"AlertsQueue4709902F": "AWS::SQS::Queue",
		"AlertsTable0BD1EA13": "AWS::DynamoDB::Table",
		"DedupTable8CDC25BD":  "AWS::DynamoDB::Table",
		"AlertsLogs90537CC2":  "AWS::Logs::LogGroup",

		"Drains921341E0":                  "AWS::Lambda::Function",
		"Storage07F31EBC":                 "AWS::Lambda::Function",
		"ApiDefaultStage189A7074":         "AWS::ApiGatewayV2::Stage",
		"ApiGETdrains200A4DD9":            "AWS::ApiGatewayV2::Route",
		"ApiGETdrainsappA71C298E":         "AWS::ApiGatewayV2::Route",
		"ApiPUTdrainsapp7B86082C":         "AWS::ApiGatewayV2::Route",
		"ApiDELETEdrainsapp80E95D4A":      "AWS::ApiGatewayV2::Route",
		"ApiPOSTdrainsapp661E5C04":        "AWS::ApiGatewayV2::Route",
		"DeadLettersAlarm3F8DE0AC":        "AWS::CloudWatch::Alarm",
		"StorageErrorsAlarm02527BBE":      "AWS::CloudWatch::Alarm",
		"LagAlarm00A9D059":                "AWS::CloudWatch::Alarm",
		"IngestAlarm3DAEDC2F":             "AWS::CloudWatch::Alarm",
		"RejectedAlarm8BA59E19":           "AWS::CloudWatch::Alarm",
		"OldMessagesAlarm7AA47467":        "AWS::CloudWatch::Alarm",
		"RefusedAlarm55378BE9":            "AWS::CloudWatch::Alarm",
		"QueueCheckA5DC7C0F":              "AWS::Events::Rule",
		"DrainsThrottlesAlarm9020C16D":    "AWS::CloudWatch::Alarm",
		"StorageThrottlesAlarm2EA6E853":   "AWS::CloudWatch::Alarm",
		"Dashboard9E4231ED":               "AWS::CloudWatch::Dashboard",
		"AppsDashboardA5BAF5DB":           "AWS::CloudWatch::Dashboard",
		"AlarmTopicopsexamplecom7B0F70A1": "AWS::SNS::Subscription",

		"Alerts91F83244":                     "AWS::Lambda::Function",
		"AlertsMapping76A621A5":              "AWS::Lambda::EventSourceMapping",
		"AlertsCheckD88497FA":                "AWS::Events::Rule",
		"AlertsTopicopsexamplecom2E4CC3C4":   "AWS::SNS::Subscription",
		"AlertsDelayedAlarmB91FF0B0":         "AWS::CloudWatch::Alarm",
		"AlertsErrorsAlarmF6057B6B":          "AWS::CloudWatch::Alarm",
		"AlertsFailedAlarmD7CC4F3F":          "AWS::CloudWatch::Alarm",
		"AlertsNotSentAlarm4F646C91":         "AWS::CloudWatch::Alarm",
		"AlertsUnreadableAlarmAC97E1E0":      "AWS::CloudWatch::Alarm",
		"ApiPOSTalertstestC68F4E55":          "AWS::ApiGatewayV2::Route",
		"ApiPUTalertsapprulemuteAC7FF8FF":    "AWS::ApiGatewayV2::Route",
		"ApiGETalertsA21252E3":               "AWS::ApiGatewayV2::Route",
		"ApiGETalertsrules0CA91789":          "AWS::ApiGatewayV2::Route",
		"ApiGETalertsappdropped6381A214":     "AWS::ApiGatewayV2::Route",
		"ApiDELETEalertsapprulemute7C74AC18": "AWS::ApiGatewayV2::Route",
	}
	// These can be replaced at any time.
	replaceable := map[string]bool{
		"AWS::IAM::Role": true, "AWS::ApiGatewayV2::Integration": true, "AWS::Lambda::Permission": true,
		"AWS::SQS::QueuePolicy": true, "AWS::SNS::TopicPolicy": true, "AWS::Logs::QueryDefinition": true,
		"AWS::Logs::MetricFilter": true,
	}
	got := map[string]string{}
	for id, r := range everything(t).Resources {
		if !replaceable[r.Type] {
			got[id] = r.Type
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("logical ids (-want +got):\n%s", diff)
	}
}

func TestLogGroup(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*settings)
		want    map[string]any
		storage string // what the storage function knows of the retention
	}{
		{"default", func(*settings) {},
			map[string]any{"LogGroupName": "/heroku/apps", "RetentionInDays": 7.0, "LogGroupClass": "STANDARD"}, "7"},
		{"other name, time and class",
			func(s *settings) {
				s.logGroupName, s.retentionDays, s.logClass = "/my/apps", 400, awslogs.LogGroupClass_INFREQUENT_ACCESS
			},
			map[string]any{"LogGroupName": "/my/apps", "RetentionInDays": 400.0, "LogGroupClass": "INFREQUENT_ACCESS"}, "400"},
		{"forever", func(s *settings) { s.retentionDays = 0 }, map[string]any{"RetentionInDays": nil}, "0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := defaultSettings()
			test.change(&s)
			tpl, err := synthesize(s)
			if err != nil {
				t.Fatal(err)
			}
			for property, value := range test.want {
				if got := tpl.Resources["LogGroupF5B46931"].Properties[property]; got != value {
					t.Errorf("%s is %v, want %v", property, got, value)
				}
			}
			if got := environment(t, tpl, "heroku-drains-storage")["RETENTION_DAYS"]; got != test.storage {
				t.Errorf("the storage function is told of a retention of %s days, want %s", got, test.storage)
			}
		})
	}
}

func TestSigningKey(t *testing.T) {
	got := stackTemplate(t).only(t, "AWS::SecretsManager::Secret").Properties["GenerateSecretString"]
	if diff := cmp.Diff(map[string]any{"PasswordLength": 64.0, "ExcludePunctuation": true}, got); diff != "" {
		t.Errorf("how the key is made (-want +got):\n%s", diff)
	}
}

func TestDeadLetters(t *testing.T) {
	tpl := stackTemplate(t)
	checkProperties(t, tpl, "DeadLettersBBF8BAAB", map[string]any{
		"MessageRetentionPeriod": 14 * 24 * 3600.0,
		"SqsManagedSseEnabled":   true,
		"RedriveAllowPolicy":     map[string]any{"redrivePermission": "allowAll"},
	})
	checkTLS(t, tpl, "AWS::SQS::QueuePolicy", "Queues", "DeadLettersBBF8BAAB")
}

func TestRemovalPolicy(t *testing.T) {
	s := defaultSettings()
	s.removalPolicy = awscdk.RemovalPolicy_DESTROY
	destroyed, err := synthesize(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"LogGroupF5B46931", "SigningKeyEEFC2790"} {
		kept := stackTemplate(t).Resources[id]
		if kept.DeletionPolicy != "RetainExceptOnCreate" || kept.UpdateReplacePolicy != "Retain" {
			t.Errorf("by default, %s has the policies %s and %s", id, kept.DeletionPolicy, kept.UpdateReplacePolicy)
		}
		if got := destroyed.Resources[id].DeletionPolicy; got != "Delete" {
			t.Errorf("with removalPolicy=destroy, %s has the policy %s", id, got)
		}
	}
}
