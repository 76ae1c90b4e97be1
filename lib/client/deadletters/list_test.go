package deadletters_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local/awslocal"
)

// world is a dead-letter queue and apps' queues whose messages end in it.
type world struct {
	t      *testing.T
	server *awslocal.Server
	client *sqs.Client
	dead   deadletters.Queue
	arn    string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server, err := awslocal.Start(awslocal.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	client := sqs.NewFromConfig(server.Config())
	w := &world{t: t, server: server, client: client}
	w.dead = deadletters.Queue{Client: client, URL: w.queue("dead", nil), Prefix: "APP_"}
	out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &w.dead.URL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	must(t, err)
	w.arn = out.Attributes["QueueArn"]
	return w
}

func (w *world) queue(name string, attributes map[string]string) string {
	w.t.Helper()
	out, err := w.client.CreateQueue(w.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	must(w.t, err)
	return *out.QueueUrl
}

// bury has messages of an app's queue tried once, and then moved.
func (w *world) bury(queue string, bodies ...string) {
	w.t.Helper()
	url := w.queue(queue, map[string]string{"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, w.arn)})
	for _, body := range bodies {
		_, err := w.client.SendMessage(w.t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body})
		must(w.t, err)
	}
	for range 2 * len(bodies) {
		_, err := w.client.ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		must(w.t, err)
		w.server.Advance(31 * time.Second)
	}
}

// sealed is what the drains function puts into a queue.
func sealed(t *testing.T, app, request string) string {
	t.Helper()
	header := envelope.Header{App: app, RequestID: request, MsgCount: 1, ReceivedAt: time.Unix(1_800_000_000, 0)}
	messages, err := envelope.Seal(header, base64.StdEncoding.EncodeToString([]byte("5 hello")), true)
	must(t, err)
	return messages[0]
}

// visible is how many letters can be received.
func (w *world) visible() string {
	out, err := w.client.GetQueueAttributes(w.t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &w.dead.URL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages},
	})
	must(w.t, err)
	return out.Attributes["ApproximateNumberOfMessages"]
}

func TestListTellsWhoseLettersAre(t *testing.T) {
	w := newWorld(t)
	w.bury("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"), "no envelope")
	w.bury("APP_blog", sealed(t, "blog", "r3"))
	w.bury("elsewhere", "nobody's")
	before := w.server.Now()
	found, err := w.dead.List(t.Context(), 100)
	must(t, err)
	if diff := cmp.Diff(map[string]int{"shop": 3, "blog": 1, "": 1}, found.ByApp()); diff != "" {
		t.Errorf("by app (-want +got):\n%s", diff)
	}
	if found.Total != 5 || !found.Complete() {
		t.Errorf("%d in all, complete: %t", found.Total, found.Complete())
	}
	for _, l := range found.Letters {
		if l.MessageID == "" || l.Receives < 1 || l.SentAt.After(before) || l.SentAt.Before(before.Add(-time.Hour)) {
			t.Errorf("letter %+v", l)
		}
		switch {
		case l.Header.RequestID == "r1":
			want := envelope.Header{App: "shop", RequestID: "r1", MsgCount: 1, ReceivedAt: time.Unix(1_800_000_000, 0).UTC()}
			if diff := cmp.Diff(want, l.Header); diff != "" || l.Part != 1 || l.Parts != 1 || l.Bytes != len("5 hello") {
				t.Errorf("part %d of %d, %d bytes, header (-want +got):\n%s", l.Part, l.Parts, l.Bytes, diff)
			}
		case (l.Err == nil) != (l.Header.App != ""):
			t.Errorf("letter of %q: %v", l.Header.App, l.Err)
		}
	}
	if n := w.visible(); n != "5" {
		t.Errorf("%s letters are to be seen after the look, want 5", n)
	}
}

func TestListLooksAtNoMoreThanItIsTold(t *testing.T) {
	w := newWorld(t)
	var bodies []string
	for i := range 25 {
		bodies = append(bodies, sealed(t, "shop", fmt.Sprint(i)))
	}
	w.bury("APP_shop", bodies...)
	for limit, want := range map[int]int{12: 12, 25: 25, 100: 25} {
		found, err := w.dead.List(t.Context(), limit)
		must(t, err)
		if len(found.Letters) != want || found.Total != 25 || found.Complete() != (want == 25) {
			t.Errorf("limit %d: %d letters of %d, complete: %t", limit, len(found.Letters), found.Total, found.Complete())
		}
		ids := map[string]bool{}
		for _, l := range found.Letters {
			ids[l.MessageID] = true
		}
		if len(ids) != want {
			t.Errorf("limit %d: %d different letters", limit, len(ids))
		}
		if n := w.visible(); n != "25" {
			t.Errorf("limit %d: %s letters are to be seen afterwards", limit, n)
		}
	}
}

func TestAnEmptyQueueTakesOneCall(t *testing.T) {
	w := newWorld(t)
	var calls []string
	w.server.OnCall(func(c awslocal.Call) { calls = append(calls, c.Operation) })
	found, err := w.dead.List(t.Context(), 100)
	must(t, err)
	if diff := cmp.Diff([]string{"GetQueueAttributes"}, calls); diff != "" || found.Total != 0 || !found.Complete() {
		t.Errorf("found %+v, calls (-want +got):\n%s", found, diff)
	}
}

func TestLettersAreShownAgainAfterAnInterrupt(t *testing.T) {
	w := newWorld(t)
	w.bury("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"))
	ctx, cancel := context.WithCancel(t.Context())
	w.dead.Client = interrupter{w.client, cancel}
	_, _ = w.dead.List(ctx, 2)
	if n := w.visible(); n != "2" {
		t.Errorf("%s letters are to be seen after an interrupt, want 2", n)
	}
}

// interrupter interrupts when letters have been received.
type interrupter struct {
	deadletters.SQS
	interrupt func()
}

func (i interrupter) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, opts ...func(*sqs.Options)) (
	*sqs.ReceiveMessageOutput, error) {
	defer i.interrupt()
	return i.SQS.ReceiveMessage(ctx, in, opts...)
}

func TestListTellsWhatFailed(t *testing.T) {
	for operation, want := range map[string]string{
		"GetQueueAttributes":           "count the dead letters in ",
		"ReceiveMessage":               "look at the dead letters in ",
		"ChangeMessageVisibilityBatch": "show the dead letters in ",
	} {
		w := newWorld(t)
		w.bury("APP_shop", sealed(t, "shop", "r1"))
		w.server.Inject(awslocal.Fault{Service: "sqs", Operation: operation, Status: 403, Code: "AccessDenied", Message: "no"})
		_, err := w.dead.List(t.Context(), 10)
		if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%s: error %v, want %s…", operation, err, want)
		}
		if refused := (interface{ ErrorCode() string })(nil); !errors.As(err, &refused) || refused.ErrorCode() != "AccessDenied" {
			t.Errorf("%s: the error hides AWS's: %v", operation, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
