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

// list returns the drains of all pages, with these details, and the number of pages.
func list(t *testing.T, m *provision.Manager, include ...drain.Detail) (all []drain.Drain, pages int) {
	t.Helper()
	next := ""
	for {
		drains, following, err := m.List(t.Context(), next, include...)
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
	got, pages := list(t, s.Manager, drain.IncludeSettings, drain.IncludeCounts)
	if diff := cmp.Diff(want, got); diff != "" || pages != 1 {
		t.Errorf("List in %d pages (-want +got):\n%s", pages, diff)
	}
	if got, _ = list(t, s.Manager, drain.IncludeSettings); got[0].Settings != want[0].Settings || got[0].Queue.Counts != nil {
		t.Errorf("List with settings: %+v", got[0])
	}
	for i := range want {
		want[i].Settings.Format, want[i].Settings.ANSI = "", ""
	}
	if got, _ = list(t, s.Manager, drain.IncludeCounts); !cmp.Equal(want, got) {
		t.Errorf("List without settings (-want +got):\n%s", cmp.Diff(want, got))
	}
	for i := range want {
		want[i].Queue.Counts = nil
	}
	if got, _ = list(t, s.Manager); !cmp.Equal(want, got) {
		t.Errorf("List without details (-want +got):\n%s", cmp.Diff(want, got))
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

// Listing reads of each drain only what it includes.
func TestListReadsOnlyWhatItIncludes(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	const drains = 120
	for i := range drains {
		app := fmt.Sprintf("app-%04d", i)
		s.createStream(t, "[APP]"+app)
		s.mapTo(t, storage, s.createOurQueue(t, app))
	}
	for name, tt := range map[string]struct {
		include []drain.Detail
		calls   map[string]int
	}{
		"names":    {nil, map[string]int{}},
		"counts":   {[]drain.Detail{drain.IncludeCounts}, map[string]int{"GetQueueAttributes": drains}},
		"settings": {[]drain.Detail{drain.IncludeSettings}, map[string]int{"ListQueueTags": drains}},
		"all":      {[]drain.Detail{drain.IncludeCounts, drain.IncludeSettings}, map[string]int{"GetQueueAttributes": drains, "ListQueueTags": drains}},
	} {
		s.called()
		all, pages := list(t, s.Manager, tt.include...)
		if len(all) != drains || pages != 1 {
			t.Errorf("%s: %d drains in %d pages, want %d in one", name, len(all), pages, drains)
		}
		calls := map[string]int{}
		for _, operation := range s.called() {
			calls[operation]++
		}
		tt.calls["DescribeLogStreams"], tt.calls["ListEventSourceMappings"], tt.calls["ListQueues"] = 3, 2, 1
		if diff := cmp.Diff(tt.calls, calls); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", name, diff)
		}
	}
}

// What one drain costs does not depend on how many others there are whose names begin with the same.
func TestCallsForOneDrainAreConstant(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	for i := range 120 {
		s.createStream(t, fmt.Sprintf("[APP]shop-%d", i))
	}
	put(t, s.Manager, "shop", "")
	s.called()
	get(t, s.Manager, "shop")
	calls := s.called()
	slices.Sort(calls)
	if diff := cmp.Diff([]string{"DescribeLogStreams", "GetQueueAttributes", "GetQueueUrl", "ListEventSourceMappings", "ListQueueTags"}, calls); diff != "" {
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
			ARN: "arn:aws:sqs:ap-southeast-1:123456789012:" + long(80), Counts: &drain.Counts{Messages: 1e9, InFlight: 120_000, Delayed: 1e9},
		},
		EventSource: &drain.EventSource{UUID: long(36), State: "Creating"},
	}
	answer, err := json.Marshal(drain.Page{Data: slices.Repeat([]drain.Drain{largest}, pageSize), Next: long(44)})
	localtest.Must(t, err)
	if escaped, err := json.Marshal(string(answer)); err != nil || len(answer) > 4<<20 || len(escaped) > 6_000_000 {
		t.Errorf("the largest answer has %d bytes, and %d when Lambda returns it, %v", len(answer), len(escaped), err)
	}
}

// The pages of a listing share a survey, and another instance of the function goes on with one of its own.
func TestListContinues(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	for i := range 1005 {
		s.createStream(t, fmt.Sprintf("[APP]app-%04d", i))
	}
	s.called()
	first, next, err := s.List(t.Context(), "")
	localtest.Must(t, err)
	surveyed := len(s.called())
	s.deleteStream(t, "[APP]"+first[len(first)-1].App)
	for name, m := range map[string]*provision.Manager{"this": s.Manager, "another": s.manager(s.cfg)} {
		s.called()
		rest, _, err := m.List(t.Context(), next)
		localtest.Must(t, err)
		if len(first) != 1000 || len(rest) != 5 || rest[0].App != "app-1000" {
			t.Errorf("%s Manager: pages of %d and %d", name, len(first), len(rest))
		}
		if n := len(s.called()); n > 0 && (name == "this" || n != surveyed) {
			t.Errorf("%s Manager: %d calls for the second page, after %d", name, n, surveyed)
		}
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
