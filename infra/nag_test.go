package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
	"github.com/google/go-cmp/cmp"
)

// accepted are findings of cdk-nag that are intended. They are here and not in the stack's code so that a deployment does not need cdk-nag.
var accepted = []struct{ construct, rule, reason string }{
	{"Api/POST--drains--{app}", "AwsSolutions-APIG4", "Heroku has only the password in the drain's URL, which the function checks."},
	{"DeadLetters", "AwsSolutions-SQS3", "It is the dead-letter queue of queues that are created at run time, which cdk-nag does not see."},
	{"AlertsQueue", "AwsSolutions-SQS3", "Alerts that cannot be told yet are tried again until they can be, for as long as SQS keeps messages: see newAlertsQueue."},
	{"AlertsTable", "AwsSolutions-DDB3", "Its content is at most two weeks old, and needed only while an alert lasts: see newAlertsTable."},
	{"DedupTable", "AwsSolutions-DDB3", "Its content is needed for a day, to recognize a copy of a message: see newDedupTable."},
	{"SigningKey", "AwsSolutions-SMG4",
		"A new key changes the password of every drain, and Heroku needs the new ones: a schedule must not change it."},

	{"DrainsRole", "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:APP_*]",
		"The apps' queues are created at run time, and recognized by their prefix."},
	{"DrainsRole", "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:" +
		"log-group:<LogGroupF5B46931>:log-stream:[APP]*]",
		"The apps' streams are created at run time, and recognized by their prefix."},
	{"DrainsRole", "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:event-source-mapping:*]",
		"A mapping's ARN ends in an ID that AWS generates; a condition on the function limits which mappings can be changed."},
	{"DrainsRole", "AwsSolutions-IAM5[Resource::*]",
		"ListQueues and ListEventSourceMappings have no resource; CreateEventSourceMapping has a condition on the function."},
	{"StorageRole", "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:APP_*]",
		"The apps' queues are created at run time, and recognized by their prefix."},
	{"StorageRole", "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:" +
		"log-group:<LogGroupF5B46931>:log-stream:[APP]*]",
		"The apps' streams are created at run time, and recognized by their prefix."},
}

// AWS's rules for its own solutions: https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
func TestCDKNag(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	outdir := t.TempDir()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(outdir), Context: &noBundling})
	newStack(app, everythingSettings(), &builder{moduleRoot: root})
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Reports: jsii.Bool(false)}), nil)
	app.Synth(nil)

	var want []string
	for _, a := range accepted {
		want = append(want, a.construct+" "+a.rule)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, findings(t, outdir)); diff != "" {
		t.Errorf("findings of cdk-nag (-accepted +found):\n%s", diff)
	}
}

// findings returns the errors and warnings of the constructs, those of cdk-nag and of the CDK, as the CDK CLI reads them.
func findings(t *testing.T, outdir string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(outdir, "HerokuDrains.metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var metadata map[string][]struct {
		Type string
		Data any
	}
	if err := json.Unmarshal(text, &metadata); err != nil {
		t.Fatal(err)
	}
	var found []string
	for path, entries := range metadata {
		construct := strings.TrimSuffix(strings.TrimPrefix(path, "/HerokuDrains/"), "/Resource")
		for _, entry := range entries {
			if entry.Type == "aws:cdk:error" || entry.Type == "aws:cdk:warning" {
				rule, _, _ := strings.Cut(entry.Data.(string), ": ")
				found = append(found, construct+" "+rule)
			}
		}
	}
	slices.Sort(found)
	return found
}
