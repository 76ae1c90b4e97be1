package provision_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
	t.Parallel()
	drains, next, err := newStack(t, 0).List(t.Context(), "")
	if err != nil || len(drains) != 0 || next != "" {
		t.Errorf("List = %v, %q, %v", drains, next, err)
	}
}

func TestListAgreesWithGet(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
	s := newStack(t, 0)
	var want []string
	for i := range 120 { // pages: 50 streams, 100 mappings
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
	if pages != 1 {
		t.Errorf("%d pages, want 1", pages)
	}
	s.called()
	list(t, s.Manager)
	if calls := slices.Compact(s.called()); slices.Contains(calls, "GetQueueUrl") {
		t.Errorf("calls: %v; the list of queues already has the URLs", calls)
	}
}

// SQS lists at most 1,000 queues at a time, and returns a token for the rest only if the call sets MaxResults.
func TestListFollowsThePagesOfQueues(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", "")
	cfg := s.cfg
	cfg.DeadLetterQueue.AccountID = "123456789012" // Lambda can map queues of other accounts
	drains, _ := list(t, s.manager(cfg))
	if len(drains) != 1 || drains[0].EventSource != nil {
		t.Errorf("List = %v, want shop without a mapping", drains)
	}
}

// A page looks through everything that the stack has, so the pages of one listing must not be many: 1,000 drains take one.
func TestListMakesOneSurvey(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	const drains = 1000
	for i := range drains {
		app := fmt.Sprintf("app-%04d", i)
		s.createStream(t, "[APP]"+app)
		_, err := s.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{
			QueueName: aws.String("APP_" + app), Tags: map[string]string{"heroku-drains:app": app, "heroku-drains:stack": stackName},
		})
		localtest.Must(t, err)
	}
	s.called()
	all, pages := list(t, s.Manager)
	if len(all) != drains || pages != 1 {
		t.Errorf("%d drains in %d pages, want %d in one", len(all), pages, drains)
	}
	calls := map[string]int{}
	for _, operation := range s.called() {
		calls[operation]++
	}
	want := map[string]int{
		"DescribeLogStreams": 20, "ListEventSourceMappings": 1, "GetQueueAttributes": drains, "ListQueueTags": drains,
		"ListQueues": 1,
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// Lambda rejects an answer over 6 MB, with the escapes of its JSON, and the client reads 4 MB.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func TestAPageIsSmallEnough(t *testing.T) {
	t.Parallel()
	const pageSize = 1000
	long := func(n int) string { return strings.Repeat("x", n) }
	at := time.Now()
	largest := drain.Drain{
		App: long(30), State: drain.Creating, Settings: drain.DefaultSettings(), LogGroup: long(512), LogStream: long(94), LastEventAt: &at,
		Queue: &drain.Queue{
			Name: long(80), URL: "https://sqs.ap-southeast-1.amazonaws.com/123456789012/" + long(80),
			ARN: "arn:aws:sqs:ap-southeast-1:123456789012:" + long(80), Messages: 1e9, InFlight: 120_000, Delayed: 1e9,
		},
		EventSource: &drain.EventSource{UUID: long(36), State: "Creating"},
	}
	answer, err := json.Marshal(drain.Page{Data: slices.Repeat([]drain.Drain{largest}, pageSize), Next: long(44)})
	localtest.Must(t, err)
	if escaped, err := json.Marshal(string(answer)); err != nil || len(answer) > 4<<20 || len(escaped) > 6_000_000 {
		t.Errorf("the largest answer has %d bytes, and %d when Lambda returns it, %v", len(answer), len(escaped), err)
	}
}

func TestListContinuesAfterADeletedDrain(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	for i := range 1005 {
		s.createStream(t, fmt.Sprintf("[APP]app-%04d", i))
	}
	first, next, err := s.List(t.Context(), "")
	localtest.Must(t, err)
	s.deleteStream(t, "[APP]"+first[len(first)-1].App)
	rest, _, err := s.List(t.Context(), next)
	localtest.Must(t, err)
	if len(first) != 1000 || len(rest) != 5 || rest[0].App != "app-1000" {
		t.Errorf("pages of %d and %d", len(first), len(rest))
	}
}

func TestListRejectsAnUnknownNext(t *testing.T) {
	t.Parallel()
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
