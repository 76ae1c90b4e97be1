package provision_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

const defaultSettings = `{"format":"text","ansi":"keep","batch_size":10,"batch_window_seconds":0,"maximum_concurrency":0}`

// whole is the inventory of a complete drain of shop.
var whole = []string{"mapping APP_shop Enabled", "queue APP_shop", "stream [APP]shop"}

func TestPutCreatesADrain(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	got, created := put(t, s.Manager, "shop", "")
	if !created {
		t.Error("created = false")
	}
	want := drain.Drain{
		App: "shop", State: drain.Creating, Settings: drain.DefaultSettings(), LogGroup: group, LogStream: "[APP]shop",
		Queue:       &drain.Queue{Name: "APP_shop", URL: *s.queueURL(t, "APP_shop"), ARN: "arn:aws:sqs:us-east-1:000000000000:APP_shop", Counts: &drain.Counts{}},
		EventSource: &drain.EventSource{UUID: got.EventSource.UUID, State: "Creating"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Put (-want +got):\n%s", diff)
	}
	want.State, want.EventSource.State = drain.Active, "Enabled"
	if diff := cmp.Diff(want, get(t, s.Manager, "shop")); diff != "" {
		t.Errorf("Get (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(whole, s.inventory(t)); diff != "" {
		t.Errorf("on AWS (-want +got):\n%s", diff)
	}
}

func TestPutCreatesTheQueueWithTheStacksSettings(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", `{"format":"json"}`)
	attributes := s.attributes(t, "APP_shop")
	want := map[string]string{
		"VisibilityTimeout": "360", "MessageRetentionPeriod": "1209600", "MaximumMessageSize": "1048576", "SqsManagedSseEnabled": "true",
	}
	for name, value := range want {
		if attributes[name] != value {
			t.Errorf("%s = %s, want %s", name, attributes[name], value)
		}
	}
	wantRedrive(t, attributes, "arn:aws:sqs:us-east-1:000000000000:heroku-drains-dead-letters", 5)
	tags := map[string]string{"heroku-drains:app": "shop", "heroku-drains:stack": stackName, drain.TagFormat: "json", drain.TagANSI: "keep"}
	if diff := cmp.Diff(tags, s.tags(t, "APP_shop")); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func wantRedrive(t *testing.T, attributes map[string]string, target string, count int) {
	t.Helper()
	var policy struct {
		DeadLetterTargetArn string
		MaxReceiveCount     int
	}
	localtest.Must(t, json.Unmarshal([]byte(attributes["RedrivePolicy"]), &policy))
	if policy.DeadLetterTargetArn != target || policy.MaxReceiveCount != count {
		t.Errorf("RedrivePolicy = %s, want %s after %d", attributes["RedrivePolicy"], target, count)
	}
}

func TestPutCreatesTheMappingWithTheDrainsSettings(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", `{"batch_size":500,"batch_window_seconds":20,"maximum_concurrency":7}`)
	all := s.mappings(t)
	if len(all) != 1 {
		t.Fatalf("%d mappings, want 1", len(all))
	}
	got := all[0]
	if *got.BatchSize != 500 || *got.MaximumBatchingWindowInSeconds != 20 || *got.ScalingConfig.MaximumConcurrency != 7 {
		t.Errorf("batch %d, window %d, concurrency %d", *got.BatchSize, *got.MaximumBatchingWindowInSeconds, *got.ScalingConfig.MaximumConcurrency)
	}
	if diff := cmp.Diff([]lambdatypes.FunctionResponseType{"ReportBatchItemFailures"}, got.FunctionResponseTypes); diff != "" {
		t.Errorf("response types (-want +got):\n%s", diff)
	}
	tags, err := s.lambda.ListTags(t.Context(), &lambda.ListTagsInput{Resource: got.EventSourceMappingArn})
	localtest.Must(t, err)
	if diff := cmp.Diff(map[string]string{"heroku-drains:app": "shop", "heroku-drains:stack": stackName}, tags.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

// missing creates a drain of shop without some of its parts. The bits of which stand for the stream, the queue and the mapping.
func missing(t *testing.T, s *stack, which int) (name string) {
	t.Helper()
	d, _ := put(t, s.Manager, "shop", "")
	var gone []string
	if which&1 != 0 {
		s.deleteStream(t, "[APP]shop")
		gone = append(gone, "stream")
	}
	if which&2 != 0 {
		s.deleteQueue(t, "APP_shop")
		gone = append(gone, "queue")
	}
	if which&4 != 0 {
		s.deleteMapping(t, d.EventSource.UUID)
		gone = append(gone, "mapping")
	}
	return strings.Join(gone, ",")
}

func TestPutCompletesAPartialDrain(t *testing.T) {
	t.Parallel()
	for which := range 8 {
		t.Run(fmt.Sprintf("missing %03b", which), func(t *testing.T) {
			t.Parallel()
			s := newStack(t, 0)
			put(t, s.Manager, "shop-staging", "")
			gone := missing(t, s, which)
			if which > 0 && which < 7 {
				if d := get(t, s.Manager, "shop"); d.State != drain.Partial {
					t.Errorf("without %s the state is %s, want %s", gone, d.State, drain.Partial)
				}
			}
			d, created := put(t, s.Manager, "shop", "")
			if withoutQueueAndMapping := which&6 == 6; created != withoutQueueAndMapping {
				t.Errorf("without %s: created = %v", gone, created)
			}
			if diff := cmp.Diff(drain.DefaultSettings(), d.Settings); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
			if d := get(t, s.Manager, "shop"); d.State != drain.Active {
				t.Errorf("after Put the state is %s, want %s", d.State, drain.Active)
			}
			want := []string{
				"mapping APP_shop Enabled", "mapping APP_shop-staging Enabled", "queue APP_shop", "queue APP_shop-staging",
				"stream [APP]shop", "stream [APP]shop-staging",
			}
			if diff := cmp.Diff(want, s.inventory(t)); diff != "" {
				t.Errorf("on AWS (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPutOfACompleteDrainChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	first, _ := put(t, s.Manager, "shop", `{"ansi":"strip","maximum_concurrency":9}`)
	s.called()
	for _, given := range []string{"", `{"ansi":"strip"}`, `{"maximum_concurrency":9,"format":"text"}`} {
		d, created := put(t, s.Manager, "shop", given)
		if created || d.State != drain.Active || d.EventSource.UUID != first.EventSource.UUID {
			t.Errorf("Put(%s) = %s, created %v", given, d.State, created)
		}
		want := []string{"DescribeLogStreams", "GetQueueAttributes", "GetQueueUrl", "ListEventSourceMappings", "ListQueueTags"}
		if diff := cmp.Diff(want, s.called()); diff != "" {
			t.Errorf("calls of Put(%s) (-want +got):\n%s", given, diff)
		}
	}
}

func TestPutChangesOnlyTheGivenSettings(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	steps := []struct{ given, want string }{
		{"", defaultSettings},
		{`{"format":"json"}`, `{"format":"json","ansi":"keep","batch_size":10,"batch_window_seconds":0,"maximum_concurrency":0}`},
		{`{"maximum_concurrency":20}`, `{"format":"json","ansi":"keep","batch_size":10,"batch_window_seconds":0,"maximum_concurrency":20}`},
		{`{"batch_size":100,"batch_window_seconds":5}`,
			`{"format":"json","ansi":"keep","batch_size":100,"batch_window_seconds":5,"maximum_concurrency":20}`},
		{`{"ansi":"strip"}`, `{"format":"json","ansi":"strip","batch_size":100,"batch_window_seconds":5,"maximum_concurrency":20}`},
		{`{"maximum_concurrency":0}`, `{"format":"json","ansi":"strip","batch_size":100,"batch_window_seconds":5,"maximum_concurrency":0}`},
		{`{"batch_window_seconds":0,"batch_size":10}`,
			`{"format":"json","ansi":"strip","batch_size":10,"batch_window_seconds":0,"maximum_concurrency":0}`},
		{"", `{"format":"json","ansi":"strip","batch_size":10,"batch_window_seconds":0,"maximum_concurrency":0}`},
	}
	for _, step := range steps {
		d, _ := put(t, s.Manager, "shop", step.given)
		if got := text(t, d.Settings); got != step.want {
			t.Errorf("Put(%s) returns %s, want %s", step.given, got, step.want)
		}
		if got := text(t, get(t, s.Manager, "shop").Settings); got != step.want {
			t.Errorf("after Put(%s) the settings are %s, want %s", step.given, got, step.want)
		}
	}
}

func TestPutRejectsSettingsThatConflict(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	_, _, err := s.Put(t.Context(), "shop", patch(t, `{"batch_size":100}`))
	wantError(t, err, drain.InvalidSettings)
	if got := s.inventory(t); len(got) > 0 {
		t.Errorf("Put left %v", got)
	}
	put(t, s.Manager, "shop", `{"batch_size":100,"batch_window_seconds":1}`)
	_, _, err = s.Put(t.Context(), "shop", patch(t, `{"batch_window_seconds":0,"format":"json"}`))
	wantError(t, err, drain.InvalidSettings)
	if got := get(t, s.Manager, "shop").Settings.Format; got != "text" {
		t.Errorf("a rejected Put changed the format to %s", got)
	}
}

func TestPutValidatesBeforeAnyCall(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.called()
	_, _, err := s.Put(t.Context(), "Shop", drain.Patch{})
	wantError(t, err, drain.InvalidAppName)
	_, _, err = s.Put(t.Context(), "shop", drain.Patch{Format: new("xml")})
	wantError(t, err, drain.InvalidSettings)
	if calls := s.called(); len(calls) > 0 {
		t.Errorf("calls: %v", calls)
	}
}

func TestMappingsToOtherFunctionsAreIgnored(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.addFunction(t, "somebody-elses")
	theirs := s.mapTo(t, "somebody-elses", s.createOurQueue(t, "shop"))
	if d := get(t, s.Manager, "shop"); d.State != drain.Partial || d.EventSource != nil {
		t.Errorf("Get = %s with event source %v", d.State, d.EventSource)
	}
	if d, _ := put(t, s.Manager, "shop", `{"batch_size":3}`); d.EventSource.UUID == theirs {
		t.Error("Put used a mapping to another function")
	}
	_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	localtest.Must(t, err)
	all := s.mappings(t)
	if len(all) != 1 || *all[0].UUID != theirs || *all[0].BatchSize != 10 {
		t.Errorf("%d mappings are left, want only the other function's, unchanged", len(all))
	}
}

func TestConcurrentPuts(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	var (
		wg   sync.WaitGroup
		made atomic.Int32
	)
	for range 8 {
		wg.Go(func() {
			d, created, err := s.Put(t.Context(), "shop", drain.Patch{})
			if err != nil {
				t.Error(err)
			}
			if created {
				made.Add(1)
			}
			if d.State != drain.Creating && d.State != drain.Active {
				t.Errorf("state = %s", d.State)
			}
		})
	}
	wg.Wait()
	if made.Load() > 1 { // none if each found a part that another had created
		t.Errorf("%d of them report that they created the drain", made.Load())
	}
	if diff := cmp.Diff(whole, s.inventory(t)); diff != "" {
		t.Errorf("on AWS (-want +got):\n%s", diff)
	}
}
