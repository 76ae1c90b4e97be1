package awslocal_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestBacklog(t *testing.T) {
	c := &consumer{open: make(chan struct{})}
	m := consume(t, c)
	server := m.backend.server
	check := func(want awslocal.Backlog) {
		t.Helper()
		if diff := cmp.Diff(want, server.Backlog("q"), cmpopts.EquateApproxTime(10*time.Second)); diff != "" {
			t.Errorf("backlog (-want +got):\n%s", diff)
		}
	}
	check(awslocal.Backlog{})
	m.queue.send(t, "1", "2", "3")
	check(awslocal.Backlog{Visible: 3})

	// Those that a function is processing are taken. They are hidden for 30 seconds, the queue's visibility timeout.
	m.created(t, batchOf(1, 0))
	waitFor(t, func() bool { return len(c.raw()) == 3 })
	check(awslocal.Backlog{Hidden: 3, Taken: 3, Next: server.Now().Add(30 * time.Second)})
	close(c.open)
	waitFor(t, func() bool { return server.Backlog("q") == awslocal.Backlog{} })

	if got := server.Backlog("other"); got != (awslocal.Backlog{}) {
		t.Errorf("the backlog of a queue that does not exist is %+v", got)
	}
}

func TestBacklogOfMessagesThatFailed(t *testing.T) {
	fails := func(context.Context, []byte) ([]byte, error) { return nil, context.Canceled }
	m := consume(t, new(consumer))
	server := m.backend.server
	if _, err := server.AddFunction(awslocal.Function{Name: "fails", Handler: fails}); err != nil {
		t.Fatal(err)
	}
	m.queue.send(t, "1")
	m.created(t, batchOf(1, 0), func(in *lambda.CreateEventSourceMappingInput) { in.FunctionName = aws.String("fails") })
	waitFor(t, func() bool { b := server.Backlog("q"); return b.Hidden == 1 && b.Taken == 0 })
}

func TestBacklogOfMessagesWhoseReceiveFailed(t *testing.T) {
	m := consume(t, new(consumer))
	server := m.backend.server
	server.Inject(awslocal.Fault{Service: "sqs", Operation: "ReceiveMessage", Caller: awslocal.ByMapping, Drop: awslocal.DropAfter})
	m.queue.send(t, "1")
	m.created(t, batchOf(1, 0))
	waitFor(t, func() bool { b := server.Backlog("q"); return b.Hidden == 1 && b.Taken == 0 })
}

func TestInjectedFaultsAreCounted(t *testing.T) {
	server := localtest.StartAWS(t, awslocal.Options{})
	client := sqs.NewFromConfig(server.Config(), func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
	fault := server.InjectCounted(awslocal.Fault{Service: "sqs", Operation: "ListQueues", Skip: 1, Times: 2, Refuse: awslocal.RefuseFailed})
	var failed []bool
	for range 4 {
		_, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{})
		failed = append(failed, err != nil)
	}
	if diff := cmp.Diff([]bool{false, true, true, false}, failed); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	if met := fault.Met(); met != 2 {
		t.Errorf("the fault was met %d times, want 2", met)
	}
}
