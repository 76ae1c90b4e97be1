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

// list follows every page, and returns how many there were.
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

func TestListOfNothing(t *testing.T) {
	drains, next, err := newStack(t, 0).List(t.Context(), "")
	if err != nil || len(drains) != 0 || next != "" {
		t.Errorf("List = %v, %q, %v", drains, next, err)
	}
}

func TestListIsWhatGetTells(t *testing.T) {
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

func TestListShowsHalfMadeDrainsAndNothingElse(t *testing.T) {
	s := newStack(t, 0)
	s.makeStream(t, "[APP]only-stream")
	s.makeQueue(t, "APP_only-queue")
	s.mapTo(t, storage, s.makeQueue(t, "APP_queue-and-mapping"))
	s.mapTo(t, storage, s.makeQueue(t, "APP_only-mapping"))
	s.deleteQueue(t, "APP_only-mapping")

	s.makeStream(t, "[APP]Shop")
	s.makeStream(t, "lambda/2026/11/01")
	s.makeQueue(t, "APP_shop_dead")
	s.makeQueue(t, "APP_Shop")
	s.makeQueue(t, "shop")
	s.mapTo(t, storage, s.makeQueue(t, "jobs"))
	s.addFunction(t, "somebody-elses")
	s.mapTo(t, "somebody-elses", s.makeQueue(t, "APP_theirs"))

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
	for i := range 120 { // streams come 50 a page, mappings 100, and our own answers 50
		app := fmt.Sprintf("app-%03d", i)
		want = append(want, app)
		s.makeStream(t, "[APP]"+app)
		queue := s.makeQueue(t, "APP_"+app)
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
			t.Errorf("%s is %s: a part of it was not found", d.App, d.State)
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
		t.Errorf("calls: %v; the lists tell the URLs", calls)
	}
}

// SQS answers at most 1,000 queues at a time, and the rest only to who has said so.
func TestListFollowsThePagesOfQueues(t *testing.T) {
	s := newStack(t, 0)
	for i := range 1010 {
		_, err := s.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(fmt.Sprintf("APP_A%04d", i))})
		localtest.Must(t, err)
	}
	s.makeQueue(t, "APP_shop")
	drains, _ := list(t, s.Manager)
	if len(drains) != 1 || drains[0].Queue == nil {
		t.Errorf("List = %v, want shop with its queue", drains)
	}
}

func TestListTakesTheMappingsOfItsOwnQueuesAlone(t *testing.T) {
	s := newStack(t, 0)
	put(t, s.Manager, "shop", "")
	cfg := s.cfg
	cfg.DeadLetterQueue.AccountID = "123456789012" // Lambda maps queues of other accounts too
	drains, _ := list(t, s.manager(cfg))
	if len(drains) != 1 || drains[0].EventSource != nil {
		t.Errorf("List = %v, want shop without a mapping", drains)
	}
}

func TestListGoesOnAfterADrainThatIsGone(t *testing.T) {
	s := newStack(t, 0)
	for i := range 55 {
		s.makeStream(t, fmt.Sprintf("[APP]app-%02d", i))
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

func TestListRefusesAnUnknownNext(t *testing.T) {
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
