package awslocal_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// TestDuplicatesOfReceivedMessages checks that two receivers get a message, once, and that only the later receipt handle deletes it.
func TestDuplicatesOfReceivedMessages(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	q := newQueue(t, b, "q")
	b.server.Inject(awslocal.Fault{Operation: "ReceiveMessage", Duplicate: true})
	q.send(t, "x")
	first, second := q.receiveOne(t), q.receiveOne(t)
	if *first.MessageId != *second.MessageId {
		t.Error("another message")
	}
	if more := q.receive(t); len(more) > 0 {
		t.Error("a third receiver got the message")
	}
	localtest.Must(t, q.delete(t, *first.ReceiptHandle))
	if got := q.counts(t); got[1] != "1" {
		t.Errorf("counts %v after a delete with the handle of the first receive", got)
	}
	localtest.Must(t, q.delete(t, *second.ReceiptHandle))
	if got := q.counts(t); got[1] != "0" {
		t.Errorf("counts %v after the delete", got)
	}
}

// TestDuplicatesOfDeletedMessages checks that a deleted message comes again after its visibility timeout, once.
func TestDuplicatesOfDeletedMessages(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	q := newQueue(t, b, "q", "VisibilityTimeout", "30")
	b.server.Inject(awslocal.Fault{Operation: "DeleteMessage", Duplicate: true})
	q.send(t, "x")
	m := q.receiveOne(t)
	localtest.Must(t, q.delete(t, *m.ReceiptHandle))
	if early := q.receive(t); len(early) > 0 {
		t.Error("the message came again within its visibility timeout")
	}
	b.server.Advance(30 * time.Second)
	again := q.receiveOne(t)
	if *again.MessageId != *m.MessageId || again.Attributes["ApproximateReceiveCount"] != "2" {
		t.Errorf("%+v", again)
	}
	localtest.Must(t, q.delete(t, *again.ReceiptHandle))
	b.server.Advance(time.Minute)
	if more := q.receive(t); len(more) > 0 {
		t.Error("the message came a third time")
	}
}

// TestShuffledMessages checks that all waiting messages are received, in another order than they arrived in.
func TestShuffledMessages(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	q := newQueue(t, b, "q")
	b.server.Inject(awslocal.Fault{Service: "sqs", Shuffle: true})
	var sent, received []string
	for i := range 20 {
		sent = append(sent, fmt.Sprintf("%02d", i))
	}
	q.send(t, sent...)
	for range 2 {
		for _, m := range q.receive(t) {
			received = append(received, *m.Body)
		}
	}
	if slices.IsSorted(received) {
		t.Error("in order")
	}
	slices.Sort(received)
	if !slices.Equal(sent, received) {
		t.Errorf("received %v", received)
	}
}

// TestMappingLags checks that a mapping stays in Creating for the time of a fault, and receives nothing meanwhile.
func TestMappingLags(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	q := newQueue(t, b, "q")
	b.server.Inject(awslocal.Fault{Service: "lambda", Resource: "q", Transition: 20 * time.Minute})
	f := &consumer{}
	_, err := b.server.AddFunction(awslocal.Function{Name: "f", Handler: f.handle})
	localtest.Must(t, err)
	client := lambda.NewFromConfig(b.config)
	m, err := client.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		EventSourceArn: aws.String(q.arn(t)), FunctionName: aws.String("f"),
	})
	localtest.Must(t, err)
	state := func() string {
		t.Helper()
		got, err := client.GetEventSourceMapping(t.Context(), &lambda.GetEventSourceMappingInput{UUID: m.UUID})
		localtest.Must(t, err)
		return *got.State
	}
	q.send(t, "x")
	b.server.Advance(19 * time.Minute)
	if got := state(); got != "Creating" || q.counts(t)[0] != "1" {
		t.Errorf("state %s, counts %v after 19 minutes", got, q.counts(t))
	}
	b.server.Advance(time.Minute)
	waitFor(t, func() bool { return len(f.raw()) == 1 })
	if got := state(); got != "Enabled" {
		t.Errorf("state %s", got)
	}
}

// TestMappingWithoutSQS checks that faults of SQS apply to the calls that event source mappings make: they receive nothing, from the fault's beginning
// on, and what they cannot delete comes again.
func TestMappingWithoutSQS(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	q := newQueue(t, b, "q", "VisibilityTimeout", "60")
	f := &consumer{}
	_, err := b.server.AddFunction(awslocal.Function{Name: "f", Handler: f.handle})
	localtest.Must(t, err)
	_, err = lambda.NewFromConfig(b.config).CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		EventSourceArn: aws.String(q.arn(t)), FunctionName: aws.String("f"),
	})
	localtest.Must(t, err)

	q.send(t, "before")
	waitFor(t, func() bool { return len(f.raw()) == 1 && q.counts(t) == [3]string{"0", "0", "0"} }) // it is polling
	receives := awslocal.Fault{Service: "sqs", Operation: "ReceiveMessage", Caller: awslocal.ByMapping, Refuse: awslocal.RefuseUnavailable}
	restored := b.server.Inject(receives)
	q.send(t, "meanwhile")
	b.server.Advance(10 * time.Minute)
	if got := q.counts(t); got[0] != "1" {
		t.Errorf("counts %v while mappings cannot receive", got)
	}
	deletes := receives
	deletes.Operation, deletes.Times = "DeleteMessage", 3
	b.server.Inject(deletes)
	restored()
	b.server.Advance(time.Minute) // the poller's pause after an error
	waitFor(t, func() bool { return len(f.raw()) == 2 })
	b.server.Advance(time.Minute)
	waitFor(t, func() bool { return len(f.raw()) == 3 && q.counts(t) == [3]string{"0", "0", "0"} })
}
