package awslocal_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func startLagging(t *testing.T, lag awslocal.Lag) backend {
	t.Helper()
	s := localtest.StartAWS(t, awslocal.Options{Lag: lag})
	return backend{name: "awslocal", config: s.Config(), account: "000000000000", server: s}
}

func TestCountsLag(t *testing.T) {
	b := startLagging(t, awslocal.Lag{Counts: time.Minute})
	q := newQueue(t, b, "q", "VisibilityTimeout", "3600")
	wantCounts := func(want ...string) {
		t.Helper()
		if got := q.counts(t); got != [3]string(want) {
			t.Errorf("counts %v, want %v", got, want)
		}
	}
	q.send(t, "one", "two")
	wantCounts("0", "0", "0")
	b.server.Advance(50 * time.Second)
	wantCounts("0", "0", "0")
	b.server.Advance(10 * time.Second)
	wantCounts("2", "0", "0")
	for _, m := range q.receive(t) {
		localtest.Must(t, q.delete(t, *m.ReceiptHandle))
	}
	wantCounts("2", "0", "0")
	b.server.Advance(time.Minute)
	wantCounts("0", "0", "0")
	q.send(t, "three")
	q.receiveOne(t)
	b.server.Advance(time.Minute)
	wantCounts("0", "1", "0")
	b.server.Advance(time.Hour) // visible again
	q.counts(t)
	b.server.Advance(time.Minute)
	wantCounts("1", "0", "0")
}

func TestADeletedQueueLingers(t *testing.T) {
	b := startLagging(t, awslocal.Lag{QueueDeletion: time.Minute})
	q := newQueue(t, b, "q")
	if _, err := q.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: q.url}); err != nil {
		t.Fatal(err)
	}
	create := func() error {
		_, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q")})
		return err
	}
	find := func() error {
		_, err := q.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("q")})
		return err
	}
	b.server.Advance(50 * time.Second)
	q.send(t, "lost")
	localtest.Must(t, find())
	if got := q.listed(t); len(got) != 1 {
		t.Errorf("listed: %v", got)
	}
	wantCode(t, create(), "AWS.SimpleQueueService.QueueDeletedRecently")
	if _, err := q.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: q.url}); err != nil { // changes nothing
		t.Fatal(err)
	}
	b.server.Advance(10 * time.Second)
	wantCode(t, find(), "AWS.SimpleQueueService.NonExistentQueue")
	if got := q.listed(t); len(got) != 0 {
		t.Errorf("listed: %v", got)
	}
	localtest.Must(t, create())
	if got := q.receive(t); len(got) != 0 {
		t.Errorf("the new queue has messages of the old one: %v", got)
	}
}

func TestANewQueueIsListedLater(t *testing.T) {
	b := startLagging(t, awslocal.Lag{QueueList: time.Minute})
	q := newQueue(t, b, "q")
	q.send(t, "usable")
	if got := q.listed(t); len(got) != 0 {
		t.Errorf("listed: %v", got)
	}
	b.server.Advance(time.Minute)
	if got := q.listed(t); len(got) != 1 {
		t.Errorf("listed: %v", got)
	}
}

func (q testQueue) listed(t *testing.T) []string {
	t.Helper()
	out, err := q.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	localtest.Must(t, err)
	return out.QueueUrls
}
