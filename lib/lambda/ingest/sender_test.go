package ingest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/lambda/ingest"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// sender is a Sender with its own embedded AWS.
type sender struct {
	*ingest.Sender
	aws    *awslocal.Server
	client *sqs.Client
	calls  func() []string // the operations so far
}

func newSender(t *testing.T) *sender {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	var (
		mu    sync.Mutex
		calls []string
	)
	server.OnCall(func(c awslocal.Call) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, c.Operation)
	})
	client := sqs.NewFromConfig(server.Config(), func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
	return &sender{
		Sender: ingest.NewSender(sqscall.New(client), func(app string) arn.ARN { return arn.ARN{AccountID: "000000000000", Resource: "APP_" + app} }),
		aws:    server,
		client: client,
		calls: func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(calls)
		},
	}
}

func (s *sender) makeQueue(t *testing.T, name string) (url string) {
	t.Helper()
	out, err := s.client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl
}

func (s *sender) deleteQueue(t *testing.T, url string) {
	t.Helper()
	if _, err := s.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
		t.Fatal(err)
	}
}

// received receives all messages of a queue, and returns their bodies, sorted.
func (s *sender) received(t *testing.T, url string) []string {
	t.Helper()
	var bodies []string
	for {
		out, err := s.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			slices.Sort(bodies)
			return bodies
		}
		for _, m := range out.Messages {
			bodies = append(bodies, *m.Body)
		}
	}
}

// limited returns a context with a deadline that is later than anything here takes. The time for which lib/lambda/patient retries has tests there.
func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestSend(t *testing.T) {
	s := newSender(t)
	shop, staging := s.makeQueue(t, "APP_shop"), s.makeQueue(t, "APP_shop-staging")
	for _, messages := range [][]string{{"first"}, {"second", strings.Repeat("x", 1<<20)}} {
		if err := s.Send(limited(t), "shop", messages); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"CreateQueue", "CreateQueue", "SendMessage", "SendMessage", "SendMessage"}
	if diff := cmp.Diff(want, s.calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"first", "second", strings.Repeat("x", 1<<20)}, s.received(t, shop)); diff != "" {
		t.Errorf("messages (-want +got):\n%.500s", diff)
	}
	if got := s.received(t, staging); len(got) > 0 {
		t.Errorf("%d messages went to another app", len(got))
	}
}

func TestSendWithoutQueueTriesTwice(t *testing.T) {
	s := newSender(t)
	s.makeQueue(t, "APP_shop-staging")
	if err := s.Send(limited(t), "shop", []string{"lost"}); !errors.Is(err, ingest.ErrNoQueue) {
		t.Errorf("Send = %v, want %v", err, ingest.ErrNoQueue)
	}
	want := []string{"CreateQueue", "SendMessage", "SendMessage"}
	if diff := cmp.Diff(want, s.calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestSendAfterTheQueueWasDeleted(t *testing.T) {
	s := newSender(t)
	url := s.makeQueue(t, "APP_shop")
	if err := s.Send(limited(t), "shop", []string{"before"}); err != nil {
		t.Fatal(err)
	}
	s.deleteQueue(t, url)
	s.aws.Advance(time.Minute) // the deletion is complete
	if err := s.Send(limited(t), "shop", []string{"lost"}); !errors.Is(err, ingest.ErrNoQueue) {
		t.Errorf("Send = %v, want %v", err, ingest.ErrNoQueue)
	}
	s.makeQueue(t, "APP_shop")
	if err := s.Send(limited(t), "shop", []string{"again"}); err != nil {
		t.Errorf("Send to the new queue = %v", err)
	}
	if diff := cmp.Diff([]string{"again"}, s.received(t, url)); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

// A queue that was just created may be unknown to a part of SQS.
func TestSendToANewQueue(t *testing.T) {
	s := newSender(t)
	url := s.makeQueue(t, "APP_shop")
	if err := s.Send(limited(t), "shop", []string{"before"}); err != nil {
		t.Fatal(err)
	}
	remove := s.aws.Inject(awslocal.Fault{
		Service: "sqs", Operation: "SendMessage", Times: 1, Status: http.StatusBadRequest, Code: "com.amazonaws.sqs#QueueDoesNotExist",
	})
	defer remove()
	if err := s.Send(limited(t), "shop", []string{"after"}); err != nil {
		t.Errorf("Send = %v", err)
	}
	want := []string{"CreateQueue", "SendMessage", "SendMessage", "SendMessage"}
	if diff := cmp.Diff(want, s.calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"after", "before"}, s.received(t, url)); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestSendRetriesThroughAnOutage(t *testing.T) {
	tests := []struct {
		name  string
		fault awslocal.Fault
		want  []string
	}{
		{"5xx", awslocal.Fault{Operation: "SendMessage", Times: 4, Status: 500, Code: "InternalFailure"}, []string{"line"}},
		{"throttled", awslocal.Fault{Operation: "SendMessage", Times: 4, Status: 400, Code: "RequestThrottled"}, []string{"line"}},
		{"a role whose policy is just being replaced", awslocal.Fault{Operation: "SendMessage", Times: 2, Status: 403, Code: "AccessDenied"}, []string{"line"}},
		{"the connection breaks before the call", awslocal.Fault{Operation: "SendMessage", Times: 1, Drop: awslocal.DropBefore}, []string{"line"}},
		{"the answer is lost", awslocal.Fault{Operation: "SendMessage", Times: 1, Drop: awslocal.DropAfter}, []string{"line", "line"}},
		{"a call that hangs", awslocal.Fault{Operation: "SendMessage", Times: 1, Delay: time.Hour}, []string{"line"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newSender(t)
			url := s.makeQueue(t, "APP_shop")
			s.aws.Inject(test.fault)
			if err := s.Send(limited(t), "shop", []string{"line"}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, s.received(t, url)); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSendGivesUpAtTheDeadline(t *testing.T) {
	s := newSender(t)
	s.makeQueue(t, "APP_shop")
	s.aws.Inject(awslocal.Fault{Service: "sqs", Operation: "SendMessage", Status: 500, Code: "InternalFailure"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var attempts atomic.Int64
	defer s.aws.OnCall(func(awslocal.Call) {
		if attempts.Add(1) == 4 { // the time is up
			cancel()
		}
	})()
	err := s.Send(ctx, "shop", []string{"line"})
	if ctx.Err() == nil {
		t.Error("Send gave up before its time was up")
	}
	if err == nil || !strings.Contains(err.Error(), "InternalFailure") || !strings.Contains(err.Error(), "APP_shop") {
		t.Errorf("Send = %v, want the queue and the cause", err)
	}
}

// The SDK's clients have 500 retry tokens, and a retry takes 5. After one outage, a function must retry as long in the next.
func TestSendRetriesAsLongInTheNextOutage(t *testing.T) {
	s := newSender(t)
	url := s.makeQueue(t, "APP_shop")
	remove := s.aws.Inject(awslocal.Fault{Service: "sqs", Operation: "SendMessage", Status: 500, Code: "InternalFailure"})
	for len(s.calls()) < 150 {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
				if err := s.Send(ctx, "shop", []string{"lost"}); err == nil {
					t.Error("Send succeeded during the outage")
				}
			})
		}
		wg.Wait()
	}
	remove()
	s.aws.Inject(awslocal.Fault{Service: "sqs", Operation: "SendMessage", Times: 3, Status: 500, Code: "InternalFailure"})
	if err := s.Send(limited(t), "shop", []string{"kept"}); err != nil {
		t.Errorf("Send = %v", err)
	}
	if got := s.received(t, url); !slices.Contains(got, "kept") { // calls that were given up may have arrived late, too
		t.Errorf("messages %q", got)
	}
}
