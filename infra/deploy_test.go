package main

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"heroku-drains/lib/stack"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"
)

// TestDeploy deploys, updates and destroys the stack with the CDK CLI. moto's CloudFormation ignores what it does not support: the API, the
// secret, alarms, subscriptions, the policies of queues and topics, the table's time to live, the architecture and the log format of functions.
func TestDeploy(t *testing.T) {
	if testing.Short() {
		t.Skip("deploys with the CDK CLI")
	}
	config := startMoto(t)
	cli := newCDK(t, config)
	first := assembly(t, defaultSettings())
	s := defaultSettings()
	s.maxReceiveCount = 10
	changed := assembly(t, s)

	cli.run(t, first, "bootstrap", "aws://"+motoAccount+"/"+motoRegion)
	cli.deploy(t, first)
	found := describe(t, config)
	if diff := cmp.Diff(wantDeployed(t, found, "5"), found); diff != "" {
		t.Errorf("after deploy (-want +got):\n%s", diff)
	}
	checkCode(t, config)

	// moto accepts an update without differences; CloudFormation does not.
	if output := cli.run(t, first, "diff", "--method=template"); !strings.Contains(output, "There were no differences") {
		t.Errorf("the deployed stack differs from the template:\n%s", output)
	}
	cli.deploy(t, first)
	if diff := cmp.Diff(found, describe(t, config)); diff != "" {
		t.Errorf("a second deploy changed something (-first +second):\n%s", diff)
	}

	output := cli.run(t, changed, "diff", "--method=template")
	if strings.Count(output, "[~] AWS::") != 2 || strings.Count(output, "MAX_RECEIVE_COUNT") != 2 || strings.Contains(output, "replace") {
		t.Errorf("a setting of two functions changed more than their environments:\n%s", output)
	}
	cli.deploy(t, changed)
	if diff := cmp.Diff(wantDeployed(t, found, "10"), describe(t, config)); diff != "" {
		t.Errorf("after changing a setting (-want +got):\n%s", diff)
	}

	cli.run(t, changed, "destroy", "--force")
	if diff := cmp.Diff(deployed{LogGroups: []string{"/heroku/apps for 7 days"}}, describe(t, config)); diff != "" {
		t.Errorf("after destroy (-want +got):\n%s", diff)
	}
}

// wantDeployed returns the stack that should be on AWS. Names that AWS generates are taken from what was found.
func wantDeployed(t *testing.T, found deployed, maxReceiveCount string) deployed {
	t.Helper()
	deadLetters := one(t, slices.Collect(maps.Keys(found.Queues)), deadLettersID)
	alertsQueue := one(t, slices.Collect(maps.Keys(found.Queues)), alertsQueueID)
	alertsTopic := one(t, found.Topics, "AlertsTopic")
	alertsTable := one(t, slices.Collect(maps.Keys(found.Tables)), "AlertsTable")
	const queueURL = "https://sqs." + motoRegion + ".amazonaws.com/" + motoAccount + "/" // in templates, moto gives a queue AWS's URL
	arn := func(service, resource string) string {
		return strings.Join([]string{"arn:aws", service, motoRegion, motoAccount, resource}, ":")
	}
	inAWS := strings.NewReplacer(
		"${AWS::Partition}", "aws", "${AWS::Region}", motoRegion, "${AWS::AccountId}", motoAccount,
		"${LogGroupF5B46931.Arn}", arn("logs", "log-group:/heroku/apps"), "${LogGroupF5B46931}", "/heroku/apps",
		"${DrainsLogs152E0F28.Arn}", arn("logs", "log-group:/aws/lambda/heroku-drains"),
		"${StorageLogs5B8326AB.Arn}", arn("logs", "log-group:/aws/lambda/heroku-drains-storage"),
		"${Storage07F31EBC.Arn}", arn("lambda", "function:heroku-drains-storage"),
		"${DeadLettersBBF8BAAB.Arn}", arn("sqs", path.Base(deadLetters)),
		"${SigningKeyEEFC2790}", "<nil>", // moto does not create it
		"${AlertsLogs90537CC2.Arn}", arn("logs", "log-group:/aws/lambda/heroku-drains-alerts"),
		"${AlertsQueue4709902F.Arn}", arn("sqs", path.Base(alertsQueue)), "${AlertsQueue4709902F}", queueURL+path.Base(alertsQueue),
		"${AlertsTable0BD1EA13.Arn}", arn("dynamodb", "table/"+alertsTable), "${AlertsTable0BD1EA13}", alertsTable,
		"${AlertsTopic3414BE91}", alertsTopic,
	)
	want := deployed{
		Tags: map[string]string{"application": "heroku-drains", "stack": "HerokuDrains"},
		LogGroups: []string{
			"/aws/lambda/heroku-drains for 14 days", "/aws/lambda/heroku-drains-alerts for 14 days", "/aws/lambda/heroku-drains-storage for 14 days",
			"/aws/vendedlogs/heroku-drains for 14 days", "/heroku/apps for 7 days",
		},
		Queues: map[string]map[string]string{
			deadLetters: {"MessageRetentionPeriod": "1209600", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30"},
			alertsQueue: {"MessageRetentionPeriod": "1209600", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "180"},
		},
		Tables:      map[string]string{alertsTable: "[app key], PAY_PER_REQUEST"},
		Topics:      []string{one(t, found.Topics, "AlarmTopic"), alertsTopic},
		Mappings:    []string{path.Base(alertsQueue) + " to " + arn("lambda", "function:heroku-drains-alerts") + ", 100 at a time, [ReportBatchItemFailures]"},
		Environment: map[string]map[string]string{}, Policies: map[string][]statement{},
	}
	for _, name := range functionNames {
		want.Environment[name] = environment(t, stackTemplate(t), name)
		for variable, value := range want.Environment[name] {
			want.Environment[name][variable] = inAWS.Replace(value)
		}
		for _, s := range rolePolicy(t, name) {
			s.Resource, s.Condition = inAWS.Replace(s.Resource), inAWS.Replace(s.Condition)
			want.Policies[name] = append(want.Policies[name], s)
		}
	}
	want.Environment["heroku-drains"]["MAX_RECEIVE_COUNT"] = maxReceiveCount
	want.Environment["heroku-drains-storage"]["MAX_RECEIVE_COUNT"] = maxReceiveCount
	delete(want.Environment["heroku-drains"], "SIGNING_KEY_SECRET")
	return want
}

// one returns the only name with a construct's id in it. CloudFormation generates the rest.
func one(t *testing.T, names []string, id string) string {
	t.Helper()
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.Contains(name, id) })
	if len(names) != 1 {
		t.Fatalf("%d names contain %s, want one: %v", len(names), id, names)
	}
	return names[0]
}

// checkCode checks that each function has its own binary.
func checkCode(t *testing.T, config aws.Config) {
	t.Helper()
	hashes := map[string]bool{}
	for _, name := range functionNames {
		f, err := lambda.NewFromConfig(config).GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: &name})
		if err != nil {
			t.Fatal(err)
		}
		if f.CodeSize < 1_000_000 || f.CodeSize > maxBinary || f.Runtime != "provided.al2023" || *f.Handler != stack.Bootstrap {
			t.Errorf("%s has %d bytes, as %s of %s", name, f.CodeSize, *f.Handler, f.Runtime)
		}
		hashes[*f.CodeSha256] = true
	}
	if len(hashes) != len(functionNames) {
		t.Error("functions have the same code")
	}
}
