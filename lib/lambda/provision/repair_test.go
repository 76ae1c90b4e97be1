package provision_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/provision"
	"heroku-drains/lib/local/localtest"
)

func TestPutAppliesTheStacksSettingsToAnOldDrain(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", `{"batch_size":5}`)
	cfg := s.cfg
	cfg.DeadLetterQueue = s.createQueue(t, "other-dead-letters")
	cfg.VisibilityTimeout, cfg.MaxReceiveCount, cfg.Defaults.BatchSize = 12*time.Minute, 3, 8
	s.called()
	d, created := put(t, s.manager(cfg), "shop", "")
	if created || d.Settings.BatchSize != 5 {
		t.Errorf("created = %v, batch size %d: want the drain's own", created, d.Settings.BatchSize)
	}
	attributes := s.attributes(t, "APP_shop")
	if attributes["VisibilityTimeout"] != "720" {
		t.Errorf("VisibilityTimeout = %s, want 720", attributes["VisibilityTimeout"])
	}
	wantRedrive(t, attributes, cfg.DeadLetterQueue.String(), 3)
}

// Messages must not become visible again while Lambda collects a batch.
func TestPutKeepsTheVisibilityTimeoutAboveTheBatchWindow(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	for _, step := range []struct{ change, want string }{
		{`{"batch_window_seconds":60}`, "420"},
		{`{"format":"json"}`, "420"},
		{`{"batch_window_seconds":300,"batch_size":100}`, "660"},
		{`{"batch_window_seconds":0,"batch_size":10}`, "360"},
	} {
		put(t, s.Manager, "shop", step.change)
		if got := s.attributes(t, "APP_shop")["VisibilityTimeout"]; got != step.want {
			t.Errorf("after PUT %s: VisibilityTimeout = %s, want %s", step.change, got, step.want)
		}
	}
	cfg := s.cfg
	cfg.Defaults.BatchWindowSeconds = 20
	put(t, s.manager(cfg), "blog", "")
	if got := s.attributes(t, "APP_blog")["VisibilityTimeout"]; got != "380" {
		t.Errorf("with the stack's batch window: VisibilityTimeout = %s, want 380", got)
	}
	cfg.VisibilityTimeout = 12 * time.Hour // SQS's maximum
	put(t, s.manager(cfg), "blog", "")
	if got := s.attributes(t, "APP_blog")["VisibilityTimeout"]; got != "43200" {
		t.Errorf("VisibilityTimeout = %s, want 43200", got)
	}
}

// Manual changes have no effect, or Put reverts them.
func TestPutRevertsManualChanges(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	d, _ := put(t, s.Manager, "shop", "")
	_, err := s.sqs.TagQueue(t.Context(), &sqs.TagQueueInput{QueueUrl: &d.Queue.URL, Tags: map[string]string{drain.TagFormat: "xml", "team": "carts"}})
	localtest.Must(t, err)
	_, err = s.sqs.UntagQueue(t.Context(), &sqs.UntagQueueInput{QueueUrl: &d.Queue.URL, TagKeys: []string{drain.TagANSI}})
	localtest.Must(t, err)
	_, err = s.lambda.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: &d.EventSource.UUID, FunctionResponseTypes: []lambdatypes.FunctionResponseType{},
	})
	localtest.Must(t, err)
	if got := text(t, get(t, s.Manager, "shop").Settings); got != defaultSettings {
		t.Errorf("settings = %s, want %s", got, defaultSettings)
	}
	put(t, s.Manager, "shop", "")
	tags := map[string]string{
		"heroku-drains:app": "shop", "heroku-drains:stack": stackName, drain.TagFormat: "text", drain.TagANSI: "keep", "team": "carts",
	}
	if diff := cmp.Diff(tags, s.tags(t, "APP_shop")); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if got := s.mappings(t)[0].FunctionResponseTypes; len(got) != 1 {
		t.Errorf("response types = %v", got)
	}
}

// attributed is an SQS client that returns these attributes instead of the real ones.
type attributed struct {
	*sqs.Client
	attributes map[string]string
}

func (c attributed) GetQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput, o ...func(*sqs.Options)) (
	*sqs.GetQueueAttributesOutput, error) {
	out, err := c.Client.GetQueueAttributes(ctx, in, o...)
	if err == nil {
		maps.Copy(out.Attributes, c.attributes)
	}
	return out, err
}

func TestPutKeepsEquivalentAttributes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		attributes map[string]string
	}{
		{"a redrive policy in other words", map[string]string{
			"RedrivePolicy": `{ "maxReceiveCount": "5", "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:heroku-drains-dead-letters" }`,
		}},
		{"a key of the owner's", map[string]string{"KmsMasterKeyId": "alias/carts", "SqsManagedSseEnabled": "false"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStack(t, 0)
			put(t, s.Manager, "shop", "")
			s.called()
			put(t, provision.NewManager(s.cfg, attributed{s.sqs, test.attributes}, s.streamCalls, s.mappingCalls), "shop", "")
			if calls := s.called(); slices.Contains(calls, "SetQueueAttributes") {
				t.Errorf("calls: %v", calls)
			}
		})
	}
}

func TestPutEnablesADisabledDrain(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	d, _ := put(t, s.Manager, "shop", "")
	_, err := s.lambda.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: &d.EventSource.UUID, Enabled: aws.Bool(false)})
	localtest.Must(t, err)
	if d := get(t, s.Manager, "shop"); d.State != drain.Disabled {
		t.Errorf("state = %s, want %s", d.State, drain.Disabled)
	}
	if d, created := put(t, s.Manager, "shop", ""); created || d.State != drain.Creating {
		t.Errorf("Put = %s, created %v; want %s, as the mapping is Enabling", d.State, created, drain.Creating)
	}
	if d := get(t, s.Manager, "shop"); d.State != drain.Active {
		t.Errorf("state = %s, want %s", d.State, drain.Active)
	}
}
