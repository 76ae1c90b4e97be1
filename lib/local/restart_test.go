package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// restarted starts a system with what is left of another one's data folder if its process is killed now.
func restarted(t *testing.T, dir string, opts local.Options) *local.System {
	t.Helper()
	opts.Data = filepath.Join(t.TempDir(), "data")
	localtest.Must(t, os.CopyFS(opts.Data, os.DirFS(dir)))
	return localtest.Start(t, opts)
}

func TestASystemContinues(t *testing.T) {
	dir := t.TempDir()
	before := localtest.Start(t, local.Options{Data: dir, TransitionTime: time.Second})
	d := sendAndWait(t, before, 200)
	after := restarted(t, dir, local.Options{TransitionTime: time.Second})

	again, created, err := clienttest.API(t, after.AWS).Put(t.Context(), "shop", drain.Patch{})
	if err != nil || created {
		t.Fatalf("put after the restart: created %t, error %v", created, err)
	}
	if want := strings.Replace(d.DrainURL, before.AWS.APIURL()[len("http://"):], after.AWS.APIURL()[len("http://"):], 1); again.DrainURL != want {
		t.Error("the drain has another password after the restart")
	}
	if diff := cmp.Diff(localtest.Texts(localtest.StoredLines(t, before.AWS, "shop")), localtest.Texts(localtest.StoredLines(t, after.AWS, "shop"))); diff != "" {
		t.Errorf("lines (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(census(t, before), census(t, after)); diff != "" {
		t.Errorf("resources (-before +after):\n%s", diff)
	}
	stored := len(localtest.StoredLines(t, after.AWS, "shop"))
	sendTo(t, again, 50)
	localtest.Eventually(t, "more lines are stored", func() bool { return len(localtest.StoredLines(t, after.AWS, "shop")) >= stored+50 })
}

// census returns the names of a system's resources.
func census(t *testing.T, s *local.System) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	groups, err := cloudwatchlogs.NewFromConfig(s.AWS.Config()).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	localtest.Must(t, err)
	for _, g := range groups.LogGroups {
		found["log groups"] = append(found["log groups"], *g.LogGroupName)
	}
	queues, err := sqs.NewFromConfig(s.AWS.Config()).ListQueues(t.Context(), &sqs.ListQueuesInput{})
	localtest.Must(t, err)
	for _, url := range queues.QueueUrls {
		found["queues"] = append(found["queues"], strings.TrimPrefix(url, s.AWS.AWSURL()))
	}
	mappings, err := lambda.NewFromConfig(s.AWS.Config()).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
	localtest.Must(t, err)
	for _, m := range mappings.EventSourceMappings {
		found["mappings"] = append(found["mappings"], *m.UUID+" "+*m.State)
	}
	key, err := secretsmanager.NewFromConfig(s.AWS.Config()).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{
		SecretId: aws.String(stack.LocalSigningKey),
	})
	localtest.Must(t, err)
	found["signing key"] = []string{*key.ARN, *key.SecretString}
	return found
}

// TestARestartDeploysTheProgramsSettings changes the settings of resources. The next start sets them again.
func TestARestartDeploysTheProgramsSettings(t *testing.T) {
	dir := t.TempDir()
	before := localtest.Start(t, local.Options{Data: dir})
	cfg := before.AWS.Config()
	queues, logs, mappings := sqs.NewFromConfig(cfg), cloudwatchlogs.NewFromConfig(cfg), lambda.NewFromConfig(cfg)
	url, err := queues.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String(stack.LocalAlertsQueue)})
	localtest.Must(t, err)
	_, err = queues.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{
		QueueUrl: url.QueueUrl, Attributes: map[string]string{"MessageRetentionPeriod": "60"},
	})
	localtest.Must(t, err)
	_, err = logs.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), RetentionInDays: aws.Int32(1),
	})
	localtest.Must(t, err)
	all, err := mappings.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
	localtest.Must(t, err)
	_, err = mappings.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: all.EventSourceMappings[0].UUID, BatchSize: aws.Int32(1)})
	localtest.Must(t, err)

	after := restarted(t, dir, local.Options{})
	cfg = after.AWS.Config()
	found, err := sqs.NewFromConfig(cfg).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: url.QueueUrl, AttributeNames: []types.QueueAttributeName{"MessageRetentionPeriod"},
	})
	if err != nil || found.Attributes["MessageRetentionPeriod"] == "60" {
		t.Errorf("the alerts queue: %v, %v", found, err)
	}
	groups, err := cloudwatchlogs.NewFromConfig(cfg).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{
		LogGroupNamePrefix: aws.String(stack.DefaultLogGroup),
	})
	if err != nil || aws.ToInt32(groups.LogGroups[0].RetentionInDays) != stack.DefaultRetentionDays {
		t.Errorf("the log group: %v, %v", groups, err)
	}
	all, err = lambda.NewFromConfig(cfg).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
	if err != nil || len(all.EventSourceMappings) != 1 || aws.ToInt32(all.EventSourceMappings[0].BatchSize) != stack.AlertsBatchSize {
		t.Errorf("mappings: %v, %v", all, err)
	}
}
