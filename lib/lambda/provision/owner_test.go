package provision_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/provision"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// notOurs are tags of queues that have the name of an app's queue, and are not the stack's.
var notOurs = map[string]map[string]string{
	"no tags":              nil,
	"others' tags":         {"team": "billing", "stack": stackName, "application": "heroku-drains"},
	"another stack's":      {"heroku-drains:app": "orders", "heroku-drains:stack": "HerokuDrains2"},
	"another app's":        {"heroku-drains:app": "rders", "heroku-drains:stack": stackName},
	"the stack's tag only": {"heroku-drains:stack": stackName},
	"the app's tag only":   {"heroku-drains:app": "orders"},
	"in other case":        {"heroku-drains:app": "orders", "heroku-drains:stack": "herokudrains"},
}

// A queue that only has the name of an app's queue is not listed, changed, emptied or deleted.
func TestAQueueOfOthersIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, tags := range notOurs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t, 0)
			s.createQueue(t, "APP_orders")
			if tags != nil {
				s.tag(t, "APP_orders", tags)
			}
			_, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: s.queueURL(t, "APP_orders"), MessageBody: aws.String("an order")})
			localtest.Must(t, err)
			before := s.attributes(t, "APP_orders")

			if drains, _ := list(t, s.Manager); len(drains) > 0 {
				t.Errorf("List = %v", drains)
			}
			_, err = s.Get(t.Context(), "orders")
			wantError(t, err, drain.NotFound)
			_, _, err = s.Put(t.Context(), "orders", drain.Patch{})
			refusal := wantError(t, err, drain.QueueNotOurs)
			for _, part := range []string{"APP_orders", "heroku-drains:app=orders", "heroku-drains:stack=HerokuDrains", "queuePrefix"} {
				if !strings.Contains(refusal.Message, part) {
					t.Errorf("the message lacks %s: %s", part, refusal.Message)
				}
			}
			if refusal.RetryAfter != 0 {
				t.Errorf("RetryAfter = %s: waiting does not help", refusal.RetryAfter)
			}
			_, err = s.Delete(t.Context(), "orders", drain.DeleteOptions{})
			wantError(t, err, drain.QueueNotOurs)

			if diff := cmp.Diff([]string{"queue APP_orders"}, s.inventory(t)); diff != "" {
				t.Errorf("on AWS (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, s.attributes(t, "APP_orders")); diff != "" {
				t.Errorf("attributes (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(tags, s.tags(t, "APP_orders")); diff != "" {
				t.Errorf("tags (-before +after):\n%s", diff)
			}
		})
	}
}

// Logs that a Delete kept are still the app's if somebody uses the name of its queue by now.
func TestKeptLogsBesideAQueueOfOthers(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.createStream(t, "[APP]orders")
	s.createQueue(t, "APP_orders")
	if d := get(t, s.Manager, "orders"); !d.Archived() {
		t.Errorf("Get = %+v, want the log stream only", d)
	}
	if drains, _ := list(t, s.Manager); len(drains) != 1 || !drains[0].Archived() {
		t.Errorf("List = %v, want the log stream only", drains)
	}
	_, err := s.Delete(t.Context(), "orders", drain.DeleteOptions{})
	wantError(t, err, drain.QueueNotOurs)
}

// Two stacks whose prefixes begin alike: staging's queue of shop has the name of production's queue of staging-shop.
func TestTwoStacksWithNestedPrefixes(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	cfg := s.cfg
	cfg.Stack = "Staging"
	cfg.Names = drain.Names{LogGroup: "/heroku/staging", StreamPrefix: "[APP]", QueuePrefix: "APP_staging-"}
	cfg.StorageFunction, cfg.DeadLetterQueue = "staging-storage", s.createQueue(t, "staging-dead-letters")
	_, err := s.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/heroku/staging")})
	localtest.Must(t, err)
	s.addFunction(t, "staging-storage")
	staging := s.manager(cfg)
	put(t, staging, "shop", "")

	if drains, _ := list(t, s.Manager); len(drains) > 0 {
		t.Errorf("production lists %v", drains)
	}
	_, err = s.Delete(t.Context(), "staging-shop", drain.DeleteOptions{})
	wantError(t, err, drain.QueueNotOurs)
	if d := get(t, staging, "shop"); d.State != drain.Active {
		t.Errorf("staging's drain is %s", d.State)
	}
}

// putAsBefore creates a drain as versions before the stack's tag did.
func (s *stack) putAsBefore(t *testing.T, app string) {
	t.Helper()
	put(t, s.Manager, app, `{"format":"json"}`)
	_, err := s.sqs.UntagQueue(t.Context(), &sqs.UntagQueueInput{QueueUrl: s.queueURL(t, "APP_"+app), TagKeys: []string{"heroku-drains:stack"}})
	localtest.Must(t, err)
}

func TestPutAdoptsAQueueOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.putAsBefore(t, "shop")
	if d := get(t, s.Manager, "shop"); d.State != drain.Active || d.Settings.Format != "json" {
		t.Errorf("Get = %+v", d)
	}
	if drains, _ := list(t, s.Manager); len(drains) != 1 {
		t.Errorf("List = %v", drains)
	}
	if _, created := put(t, s.Manager, "shop", ""); created {
		t.Error("created = true")
	}
	want := map[string]string{
		"heroku-drains:app": "shop", "heroku-drains:stack": stackName, drain.TagFormat: "json", drain.TagANSI: "keep",
	}
	if diff := cmp.Diff(want, s.tags(t, "APP_shop")); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

// The function's role may delete only queues with the stack's tag.
func TestDeleteTagsAQueueOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.putAsBefore(t, "shop")
	s.called()
	_, err := s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	localtest.Must(t, err)
	want := []string{"DeleteEventSourceMapping", "DeleteLogStream", "DeleteQueue", "DescribeLogStreams", "GetQueueAttributes", "GetQueueUrl",
		"ListEventSourceMappings", "ListQueueTags", "TagQueue"}
	if diff := cmp.Diff(want, s.called()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// IAM takes some seconds to know the tags of a queue, and denies what needs them until then.
func TestCallsThatNeedTagsAreRepeated(t *testing.T) {
	t.Parallel()
	denied := awslocal.Fault{Status: http.StatusForbidden, Code: "AccessDenied", Message: "no identity-based policy allows the action"}
	for _, operation := range []string{"SetQueueAttributes", "DeleteQueue"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			s := newStack(t, 0)
			put(t, s.Manager, "old", "")
			denied := denied
			denied.Operation = operation
			remove := s.server.Inject(denied)
			if refusal := wantError(t, operations[operation].do(s, t), drain.DrainBusy); refusal.RetryAfter == 0 {
				t.Error("the error does not say when to try again")
			}
			remove()
			denied.Times = 2
			s.server.Inject(denied)
			localtest.Must(t, operations[operation].do(s, t))
			if diff := cmp.Diff(operations[operation].leaves, s.inventory(t)); diff != "" {
				t.Errorf("on AWS (-want +got):\n%s", diff)
			}
		})
	}
}

// A policy that does not allow it will not allow it later: no caller should wait for that.
func TestACallThatIsDeniedForGoodFails(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "old", "")
	s.server.Inject(awslocal.Fault{Operation: "DeleteQueue", Status: http.StatusForbidden, Code: "AccessDenied", Message: "denied"})
	created := map[string]string{"CreatedTimestamp": "1700000000"}
	manager := provision.NewManager(s.cfg, attributed{s.sqs, created}, s.streamCalls, s.mappingCalls)
	_, err := manager.Delete(t.Context(), "old", drain.DeleteOptions{})
	if err == nil || !strings.Contains(err.Error(), "AccessDenied") || strings.Contains(err.Error(), "tags") {
		t.Errorf("error %v", err)
	}
}
