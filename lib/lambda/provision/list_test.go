package provision_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/provision"
	"heroku-drains/lib/local/localtest"
)

// list returns the drains of all pages, and the number of pages.
func list(t *testing.T, m *provision.Manager) (all []drain.Drain, pages int) {
	t.Helper()
	next := ""
	for {
		drains, following, err := m.List(t.Context(), next)
		localtest.Must(t, err)
		all, pages = append(all, drains...), pages+1
		if following == "" {
			return all, pages
		}
		next = following
	}
}

func TestListWithoutDrains(t *testing.T) {
	drains, next, err := newStack(t, 0).List(t.Context(), "")
	if err != nil || len(drains) != 0 || next != "" {
		t.Errorf("List = %v, %q, %v", drains, next, err)
	}
}

func TestListAgreesWithGet(t *testing.T) {
	s := newStack(t, 0)
	var want []drain.Drain
	for _, app := range []string{"api", "shop", "shop-staging"} {
		put(t, s.Manager, app, `{"format":"json"}`)
		want = append(want, get(t, s.Manager, app))
	}
	got, pages := list(t, s.Manager)
	if diff := cmp.Diff(want, got); diff != "" || pages != 1 {
		t.Errorf("List in %d pages (-want +got):\n%s", pages, diff)
	}
}

func TestListIncludesPartialDrainsAndNothingElse(t *testing.T) {
	s := newStack(t, 0)
	s.createStream(t, "[APP]only-stream")
	s.createOurQueue(t, "only-queue")
	s.mapTo(t, storage, s.createOurQueue(t, "queue-and-mapping"))
	s.mapTo(t, storage, s.createOurQueue(t, "only-mapping"))
	s.deleteQueue(t, "APP_only-mapping")

	s.createStream(t, "[APP]Shop")
	s.createStream(t, "lambda/2026/11/01")
	s.createQueue(t, "APP_shop_dead")
	s.createQueue(t, "APP_Shop")
	s.createQueue(t, "APP_others")
	s.createQueue(t, "shop")
	s.mapTo(t, storage, s.createQueue(t, "jobs"))
	s.addFunction(t, "somebody-elses")
	s.mapTo(t, "somebody-elses", s.createOurQueue(t, "theirs"))

	var got []string
	drains, _ := list(t, s.Manager)
	for _, d := range drains {
		got = append(got, fmt.Sprintf("%s %s stream=%v queue=%v mapping=%v", d.App, d.State, d.LogStream != "", d.Queue != nil, d.EventSource != nil))
	}
	want := []string{
		"only-mapping partial stream=false queue=false mapping=true",
		"only-queue partial stream=false queue=true mapping=false",
		"only-stream partial stream=true queue=false mapping=false",
		"queue-and-mapping partial stream=false queue=true mapping=true",
		"theirs partial stream=false queue=true mapping=false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
}

func TestListFollowsThePages(t *testing.T) {
	s := newStack(t, 0)
	var want []string
	for i := range 120 { // pages: 50 streams, 100 mappings, and 50 drains of List
		app := fmt.Sprintf("app-%03d", i)
		want = append(want, app)
		s.createStream(t, "[APP]"+app)
		queue := s.createOurQueue(t, app)
		_, err := s.lambda.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
			EventSourceArn: aws.String(queue.String()), FunctionName: aws.String(storage), Enabled: aws.Bool(false),
		})
		localtest.Must(t, err)
	}
	drains, pages := list(t, s.Manager)
	var got []string
	for _, d := range drains {
		got = append(got, d.App)
		if d.State != drain.Disabled {
			t.Errorf("%s is %s: List did not find a part of it", d.App, d.State)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	if pages != 3 {
		t.Errorf("%d pages, want 3", pages)
	}
	s.called()
	list(t, s.Manager)
	if calls := slices.Compact(s.called()); slices.Contains(calls, "GetQueueUrl") {
		t.Errorf("calls: %v; the list of queues already has the URLs", calls)
	}
}

// SQS lists at most 1,000 queues at a time, and returns a token for the rest only if the call sets MaxResults.
func TestListFollowsThePagesOfQueues(t *testing.T) {
	s := newStack(t, 0)
	for i := range 1010 {
		_, err := s.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(fmt.Sprintf("APP_A%04d", i))})
		localtest.Must(t, err)
	}
	s.createOurQueue(t, "shop")
	drains, _ := list(t, s.Manager)
	if len(drains) != 1 || drains[0].Queue == nil {
		t.Errorf("List = %v, want shop with its queue", drains)
	}
}

func TestListIgnoresMappingsOfOtherQueues(t *testing.T) {
	s := newStack(t, 0)
	put(t, s.Manager, "shop", "")
	cfg := s.cfg
	cfg.DeadLetterQueue.AccountID = "123456789012" // Lambda can map queues of other accounts
	drains, _ := list(t, s.manager(cfg))
	if len(drains) != 1 || drains[0].EventSource != nil {
		t.Errorf("List = %v, want shop without a mapping", drains)
	}
}

func TestListContinuesAfterADeletedDrain(t *testing.T) {
	s := newStack(t, 0)
	for i := range 55 {
		s.createStream(t, fmt.Sprintf("[APP]app-%02d", i))
	}
	first, next, err := s.List(t.Context(), "")
	localtest.Must(t, err)
	s.deleteStream(t, "[APP]"+first[len(first)-1].App)
	rest, _, err := s.List(t.Context(), next)
	localtest.Must(t, err)
	if len(first) != 50 || len(rest) != 5 || rest[0].App != "app-50" {
		t.Errorf("pages of %d and %d", len(first), len(rest))
	}
}

func TestListRejectsAnUnknownNext(t *testing.T) {
	s := newStack(t, 0)
	s.called()
	for _, next := range []string{"2", "shop", "!", base64.RawURLEncoding.EncodeToString([]byte("Shop"))} {
		_, _, err := s.List(t.Context(), next)
		wantError(t, err, drain.InvalidNext)
	}
	if calls := s.called(); len(calls) > 0 {
		t.Errorf("calls: %v", calls)
	}
}
