package awslocal_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// The conformance checks compare the whole state before and after a restart. The tests here are about what goes on while nothing runs, and about what
// continues.

// kill returns a copy of a data folder in use: what is left of it if its process is killed now.
func kill(t *testing.T, dir string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "data")
	localtest.Must(t, os.CopyFS(left, os.DirFS(dir)))
	return left
}

// again returns the queue as a client of another server has it. Its URL stays valid.
func (q testQueue) again(s *awslocal.Server) testQueue {
	return testQueue{Client: sqs.NewFromConfig(s.Config()), url: q.url}
}

func TestMessagesInFlightReappearAfterAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	q := newQueue(t, newBackend(s), "q", "VisibilityTimeout", "360")
	q.send(t, "in flight")
	first := q.receive(t)
	q.send(t, "waiting")
	_, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("delayed"), DelaySeconds: 900})
	localtest.Must(t, err)

	killed := kill(t, dir)
	after := startOn(t, killed, awslocal.Options{})
	q = q.again(after)
	if got := q.counts(t); got != [3]string{"1", "1", "1"} {
		t.Errorf("visible, in flight and delayed: %v", got)
	}
	if got := q.receive(t); len(got) != 1 || *got[0].Body != "waiting" {
		t.Errorf("received %v, want the waiting message", got)
	}
	after.Advance(359 * time.Second)
	if got := q.counts(t); got[0] != "0" {
		t.Errorf("visible before the visibility timeout has ended: %v", got)
	}
	after.Advance(time.Second)
	second := q.receive(t)
	if len(second) != 2 || *second[0].Body != "in flight" || second[0].Attributes["ApproximateReceiveCount"] != "2" {
		t.Fatalf("received %v, want the message in flight for the second time", second)
	}
	if *second[0].MessageId != *first[0].MessageId || second[0].Attributes["SentTimestamp"] != first[0].Attributes["SentTimestamp"] {
		t.Errorf("another message: %v, %v", first[0], second[0])
	}
	// The handle of the receive before the restart is good for the message that has not been received since.
	again := q.again(startOn(t, kill(t, dir), awslocal.Options{}))
	if _, err := again.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: q.url, ReceiptHandle: first[0].ReceiptHandle}); err != nil {
		t.Error(err)
	}
	if got := again.counts(t); got != [3]string{"1", "0", "1"} {
		t.Errorf("after deleting the message in flight: %v", got)
	}
}

func TestAQueuesNameStaysBlocked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	q := newQueue(t, newBackend(s), "q")
	q.send(t, "lost with the queue")
	_, err := q.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: q.url})
	localtest.Must(t, err)

	dir = kill(t, dir)
	s = startOn(t, dir, awslocal.Options{})
	create := &sqs.CreateQueueInput{QueueName: aws.String("q")}
	_, err = q.again(s).CreateQueue(t.Context(), create)
	wantCode(t, err, "AWS.SimpleQueueService.QueueDeletedRecently")
	s.Advance(time.Minute)
	q = newQueue(t, newBackend(s), "q")

	s = startOn(t, kill(t, dir), awslocal.Options{})
	if got := q.again(s).counts(t); got[0] != "0" {
		t.Errorf("the new queue has messages of the old one: %v", got)
	}
}

func TestAMoveTaskContinues(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	b := newBackend(s)
	dead := newQueue(t, b, "dead")
	target := newQueue(t, b, "q", "RedrivePolicy", fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, dead.arn(t)))
	dead.send(t, "1", "2", "3")
	_, err := dead.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{
		SourceArn: aws.String(dead.arn(t)), DestinationArn: aws.String(target.arn(t)), MaxNumberOfMessagesPerSecond: aws.Int32(1),
	})
	localtest.Must(t, err)
	waitFor(t, func() bool { return target.counts(t)[0] == "1" })

	s = startOn(t, kill(t, dir), awslocal.Options{})
	target = target.again(s)
	waitFor(t, func() bool {
		s.Advance(time.Second)
		tasks, err := target.ListMessageMoveTasks(t.Context(), &sqs.ListMessageMoveTasksInput{SourceArn: aws.String("arn:aws:sqs:us-east-1:000000000000:dead")})
		localtest.Must(t, err)
		return *tasks.Results[0].Status == "COMPLETED" && tasks.Results[0].ApproximateNumberOfMessagesMoved == 3
	})
	if got := target.counts(t); got[0] != "3" {
		t.Errorf("visible, in flight and delayed: %v", got)
	}
}

func TestTheClockDoesNotGoBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	s.Advance(time.Hour)
	before := s.Now()
	if after := startOn(t, kill(t, dir), awslocal.Options{}).Now(); after.Before(before) || after.After(before.Add(time.Minute)) {
		t.Errorf("%s, then %s", before, after)
	}
}

// TestADeletedStreamStaysDeleted checks that neither the stream nor its file comes back, and that a new stream of that name is empty.
func TestADeletedStreamStaysDeleted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	g := newGroup(t, newBackend(s), shop)
	g.mustPut(t, shop, event(s.Now(), "deleted"))
	_, err := g.DeleteLogStream(t.Context(), &logs.DeleteLogStreamInput{LogGroupName: g.name, LogStreamName: aws.String(shop)})
	localtest.Must(t, err)
	checkKept(t, s, dir)
	if files, err := os.ReadDir(filepath.Join(dir, "logs")); err != nil || len(files) > 0 {
		t.Errorf("left %v, %v", files, err)
	}
	s = startOn(t, kill(t, dir), awslocal.Options{})
	g.Client = logs.NewFromConfig(s.Config())
	localtest.Must(t, g.create(t, shop))
	g.mustPut(t, shop, event(s.Now(), "new"))
	if got := g.messages(t, logs.FilterLogEventsInput{}); !cmp.Equal(got, []string{"new"}) {
		t.Errorf("events %q", got)
	}
}

// TestTagsOfMappingsAreKept changes tags, of which no conformance check leaves any.
func TestTagsOfMappingsAreKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	m := newMappings(t, newBackend(s))
	arn := "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:" + m.created(t)
	_, err := m.TagResource(t.Context(), &lambda.TagResourceInput{Resource: &arn, Tags: map[string]string{"a": "1", "b": "2"}})
	localtest.Must(t, err)
	checkKept(t, s, dir)
	_, err = m.UntagResource(t.Context(), &lambda.UntagResourceInput{Resource: &arn, TagKeys: []string{"a"}})
	localtest.Must(t, err)
	checkKept(t, s, dir)
}

func TestRetentionEndsWhileNothingRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	g := newGroup(t, newBackend(s), shop)
	localtest.Must(t, g.retain(t, 1))
	g.mustPut(t, shop, event(s.Now().Add(-24*time.Hour+time.Second), "old"), event(s.Now(), "new"))
	q := newQueue(t, newBackend(s), "q", "MessageRetentionPeriod", "60")
	q.send(t, "old")
	s.Advance(time.Minute) // as if it passed after the kill

	s = startOn(t, kill(t, dir), awslocal.Options{})
	g.Client = logs.NewFromConfig(s.Config())
	if got := g.messages(t, logs.FilterLogEventsInput{}); !cmp.Equal(got, []string{"new"}) {
		t.Errorf("events %q", got)
	}
	if got := q.again(s).counts(t); got[0] != "0" {
		t.Errorf("messages %v", got)
	}
}

func TestMappingsContinueWithTheirFunctions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startOn(t, dir, awslocal.Options{})
	m := newMappings(t, newBackend(s))
	m.created(t)
	s.Inject(awslocal.Fault{Service: "lambda", Operation: "Invoke", Status: 500}) // so that messages stay
	m.queue.send(t, "kept")

	s = startOn(t, kill(t, dir), awslocal.Options{})
	q := m.queue.again(s)
	s.Advance(30 * time.Second) // the message may have been in flight
	q.send(t, "waiting")
	got := make(chan string, 10)
	_, err := s.AddFunction(awslocal.Function{Name: "f", Timeout: 30 * time.Second, Handler: func(_ context.Context, event []byte) ([]byte, error) {
		got <- string(event)
		return nil, nil
	}})
	localtest.Must(t, err)
	for _, want := range []string{"kept", "waiting"} {
		received := ""
		for !strings.Contains(received, want) {
			received += <-got
		}
		got <- received // both may be in one event
	}
	waitFor(t, func() bool { return q.counts(t) == [3]string{"0", "0", "0"} })
}

// TestCloseLetsFunctionsFinish closes the server while a function works on a message. After a restart, the message must not be in flight.
func TestCloseLetsFunctionsFinish(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := awslocal.Start(awslocal.Options{Data: dir})
	localtest.Must(t, err)
	q := newQueue(t, newBackend(s), "q")
	closed := make(chan error, 1)
	arn, err := s.AddFunction(awslocal.Function{Name: "f", Handler: func(ctx context.Context, _ []byte) ([]byte, error) {
		go func() { closed <- s.Close() }()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond): // what the function's work takes
			return nil, nil
		}
	}})
	localtest.Must(t, err)
	_, err = lambda.NewFromConfig(s.Config()).CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
		EventSourceArn: aws.String(q.arn(t)), FunctionName: &arn,
	})
	localtest.Must(t, err)
	_, _ = q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("m")}) // the server may close before it answers
	localtest.Must(t, <-closed)
	if got := q.again(startOn(t, dir, awslocal.Options{})).counts(t); got != [3]string{"0", "0", "0"} {
		t.Errorf("visible, in flight and delayed: %v", got)
	}
}

func TestAMappingsTransitionEnds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opts := awslocal.Options{TransitionTime: time.Minute}
	s := startOn(t, dir, opts)
	m := newMappings(t, newBackend(s))
	out, err := m.create(t)
	localtest.Must(t, err)

	s = startOn(t, kill(t, dir), opts)
	m.Client = lambda.NewFromConfig(s.Config())
	newFunction(t, newBackend(s), "f", 30*time.Second)
	if got := *m.get(t, *out.UUID).State; got != "Creating" {
		t.Errorf("state %s before the transition has ended", got)
	}
	s.Advance(time.Minute)
	if got := *m.settled(t, *out.UUID).State; got != "Enabled" {
		t.Errorf("state %s", got)
	}
	if _, err := m.create(t); err == nil {
		t.Error("a second mapping was created")
	}
}

// TestManyChangesAreReplacedByASnapshot makes the journal so large that a snapshot replaces it, again and again, while the state is small.
func TestManyChangesAreReplacedByASnapshot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := awslocal.Start(awslocal.Options{Data: dir})
	localtest.Must(t, err)
	q := newQueue(t, newBackend(s), "q")
	const rounds = 20
	large := strings.Repeat("x", 1_000_000)
	for i := range rounds {
		q.send(t, fmt.Sprint(i, " ", large))
		if i%4 == 3 { // of four messages, three are deleted
			for _, m := range q.receive(t)[:3] {
				_, err := q.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: q.url, ReceiptHandle: m.ReceiptHandle})
				localtest.Must(t, err)
			}
		}
		if i == rounds/2 { // in the middle of it
			checkKept(t, s, dir)
		}
	}
	localtest.Must(t, s.Close())
	var size int64
	files, err := filepath.Glob(filepath.Join(dir, "state", "*"))
	localtest.Must(t, err)
	for _, path := range files {
		info, err := os.Stat(path)
		localtest.Must(t, err)
		size += info.Size()
	}
	if size > 18_000_000 { // 5 messages, and as much again
		t.Errorf("the state has %d bytes in %q", size, files)
	}
	if diff := cmp.Diff(keptBy(t, s), keptBy(t, startOn(t, dir, awslocal.Options{}))); diff != "" {
		t.Errorf("after a restart (-before +after):\n%.2000s", diff)
	}
}

// checkKept compares a server's state with what another one reads from a copy of its folder.
func checkKept(t *testing.T, s *awslocal.Server, dir string) {
	t.Helper()
	if diff := cmp.Diff(keptBy(t, s), keptBy(t, startOn(t, kill(t, dir), awslocal.Options{}))); diff != "" {
		t.Errorf("after a kill (-before +after):\n%.2000s", diff)
	}
}
