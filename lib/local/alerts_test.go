package local_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// listener keeps what the alerts topic publishes.
type listener struct {
	mu       sync.Mutex
	subjects []string
}

func listen(t *testing.T, system *local.System) *listener {
	l := &listener{}
	t.Cleanup(system.AWS.OnPublish(func(p awslocal.Publication) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.subjects = append(l.subjects, p.Subject)
	}))
	return l
}

// await waits until so many notifications were published, and returns them.
func (l *listener) await(t *testing.T, n int) []string {
	t.Helper()
	var all []string
	localtest.Eventually(t, "the notification is published", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		all = l.subjects
		return len(all) >= n
	})
	return all
}

// play creates the drain of shop, and sends it the lines of a scenario.
func play(t *testing.T, system *local.System, name string) {
	t.Helper()
	d, _, err := clienttest.API(t, system.AWS).Put(t.Context(), "shop", drain.Patch{})
	localtest.Must(t, err)
	generator := simulate.New("shop", 1)
	sender, err := delivery.NewSender(d.DrainURL, generator.Token())
	localtest.Must(t, err)
	for _, sc := range simulate.Scenarios() {
		if sc.Name == name {
			totals, err := simulate.Play(t.Context(), generator, sender, sc, func(delivery.Result) {})
			if err != nil || totals.LostLines > 0 {
				t.Fatalf("sent %+v, error %v", totals, err)
			}
		}
	}
}

// awaitTold waits until the table knows that the alert was told. If the clock were advanced before, it would be told again.
func awaitTold(t *testing.T, api *apiclient.Client) {
	t.Helper()
	localtest.Eventually(t, "the table knows that the alert was told", func() bool {
		all, err := api.Alerts(t.Context())
		return err == nil && len(all) == 1 && !all[0].Told.IsZero()
	})
}

func TestAlertsBeginAndEnd(t *testing.T) {
	functions := map[string]local.Options{"in process": {}}
	if !testing.Short() {
		functions["binaries"] = local.Options{Binaries: localtest.Functions(t)}
	}
	for name, opts := range functions {
		t.Run(name, func(t *testing.T) {
			system := localtest.Start(t, opts)
			published := listen(t, system)
			play(t, system, "h12-storm")
			began := published.await(t, 1)
			if len(began) != 1 || !strings.HasPrefix(began[0], "[shop] H12 Request timeout: ") {
				t.Fatalf("published %q", began)
			}
			if opts.Binaries != nil {
				return // their clock is the machine's
			}
			api := clienttest.API(t, system.AWS)
			awaitTold(t, api)
			all, err := api.Alerts(t.Context())
			if err != nil || len(all) != 1 || all[0].State != alert.StateFiring || all[0].App != "shop" || all[0].Rule != "H12" {
				t.Errorf("alerts %+v, %v", all, err)
			}
			system.AWS.Advance(11 * time.Minute)
			if ended := published.await(t, 2); len(ended) != 2 || !strings.Contains(ended[1], "resolved") {
				t.Errorf("published %q", ended)
			}
			localtest.Eventually(t, "the alert is resolved", func() bool {
				all, err := api.Alerts(t.Context())
				return err == nil && len(all) == 1 && all[0].State == alert.StateResolved
			})
		})
	}
}

func TestRulesOfTheSystem(t *testing.T) {
	set, err := alert.Compile(alert.Config{
		alert.Codes:  {"H12": {Off: new(true)}},
		alert.Errors: {"dyno-crashed": {Off: new(true)}},
		alert.Drop:   {"router": {Process: new("router")}},
	})
	localtest.Must(t, err)
	system := localtest.Start(t, local.Options{Rules: set})
	published := listen(t, system)
	play(t, system, "deploy-breaks")
	if began := published.await(t, 1); !strings.HasPrefix(began[0], "[shop] H10 App crashed: ") {
		t.Errorf("published %q", began)
	}
	api := clienttest.API(t, system.AWS)
	localtest.Eventually(t, "dropped lines are counted", func() bool {
		dropped, err := api.Dropped(t.Context(), "shop")
		return err == nil && len(dropped) > 0 && dropped[0].Rule == "router"
	})
	rules, err := api.AlertRules(t.Context())
	localtest.Must(t, err)
	for _, r := range rules {
		if r.Name == "H12" && (!r.Off || r.Origin != alert.Changed) {
			t.Errorf("the API shows %+v", r)
		}
	}
	for _, name := range published.await(t, 1) {
		if strings.Contains(name, "H12") {
			t.Errorf("published %q, but H12 is off", name)
		}
	}
}

// TestAlertsHaveTheStacksSettings looks up what infra declares.
func TestAlertsHaveTheStacksSettings(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	cfg := system.AWS.Config()
	tables := dynamodb.NewFromConfig(cfg)
	table, err := tables.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(stack.LocalAlertsTable)})
	localtest.Must(t, err)
	var keys []string
	for _, k := range table.Table.KeySchema {
		keys = append(keys, *k.AttributeName+" "+string(k.KeyType))
	}
	if diff := cmp.Diff([]string{"app HASH", "key RANGE"}, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	ttl, err := tables.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: aws.String(stack.LocalAlertsTable)})
	localtest.Must(t, err)
	if d := ttl.TimeToLiveDescription; aws.ToString(d.AttributeName) != "expires" {
		t.Errorf("items expire by %+v", d)
	}
	outputs := stack.LocalOutputs(system.AWS.APIURL(), system.AWS.AWSURL())
	queue, err := sqs.NewFromConfig(cfg).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &outputs.AlertsQueueURL, AttributeNames: []sqstypes.QueueAttributeName{"MessageRetentionPeriod", "VisibilityTimeout", "SqsManagedSseEnabled"},
	})
	localtest.Must(t, err)
	want := map[string]string{"MessageRetentionPeriod": "1209600", "VisibilityTimeout": "180", "SqsManagedSseEnabled": "true"}
	if diff := cmp.Diff(want, queue.Attributes); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
	mappings, err := lambda.NewFromConfig(cfg).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{FunctionName: &outputs.AlertsFunction})
	localtest.Must(t, err)
	if len(mappings.EventSourceMappings) != 1 {
		t.Fatalf("%d mappings", len(mappings.EventSourceMappings))
	}
	m := mappings.EventSourceMappings[0]
	if *m.BatchSize != 100 || *m.MaximumBatchingWindowInSeconds != 1 || *m.ScalingConfig.MaximumConcurrency != 2 || len(m.FunctionResponseTypes) != 1 {
		t.Errorf("mapping %+v", m)
	}
}

// A Tick that was lost is sent again by the hourly check.
func TestTheScheduleHealsLostTicks(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	published := listen(t, system)
	play(t, system, "h12-storm")
	published.await(t, 1)
	outputs := stack.LocalOutputs(system.AWS.APIURL(), system.AWS.AWSURL())
	awaitTold(t, clienttest.API(t, system.AWS))
	_, err := sqs.NewFromConfig(system.AWS.Config()).PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &outputs.AlertsQueueURL})
	localtest.Must(t, err)
	system.AWS.Advance(stack.AlertsCheckInterval)
	if ended := published.await(t, 2); len(ended) != 2 || !strings.Contains(ended[1], "resolved") {
		t.Errorf("published %q", ended)
	}
}
