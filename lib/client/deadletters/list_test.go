package deadletters_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// account is an AWS account with a dead-letter queue, and apps' queues that redrive to it.
type account struct {
	t      *testing.T
	server *awslocal.Server
	client *sqs.Client
	dead   deadletters.Queue
	arn    string
}

func newAccount(t *testing.T) *account {
	t.Helper()
	return newAccountIn(t, "us-east-1")
}

func newAccountIn(t *testing.T, region string) *account {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{Region: region})
	client := sqs.NewFromConfig(server.Config())
	a := &account{t: t, server: server, client: client}
	a.dead = deadletters.Queue{Client: client, URL: a.queue("dead", nil), Prefix: "APP_"}
	out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &a.dead.URL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	localtest.Must(t, err)
	a.arn = out.Attributes["QueueArn"]
	return a
}

func (a *account) queue(name string, attributes map[string]string) string {
	a.t.Helper()
	out, err := a.client.CreateQueue(a.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	localtest.Must(a.t, err)
	return *out.QueueUrl
}

// addLetters sends messages to an app's queue, and receives them until SQS moves them to the dead-letter queue.
func (a *account) addLetters(queue string, bodies ...string) {
	a.t.Helper()
	url := a.queue(queue, map[string]string{"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, a.arn)})
	for _, body := range bodies {
		_, err := a.client.SendMessage(a.t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body})
		localtest.Must(a.t, err)
	}
	for range 2 * len(bodies) {
		_, err := a.client.ReceiveMessage(a.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		localtest.Must(a.t, err)
		a.server.Advance(31 * time.Second)
	}
}

// sealed returns a message as the drains function sends it.
func sealed(t *testing.T, app, request string) string {
	t.Helper()
	header := envelope.Header{App: app, RequestID: request, MsgCount: 1, ReceivedAt: time.Unix(1_800_000_000, 0)}
	messages, err := envelope.Seal(header, base64.StdEncoding.EncodeToString([]byte("5 hello")), true)
	localtest.Must(t, err)
	return messages[0]
}

// visible returns how many letters can be received, as SQS writes it.
func (a *account) visible() string {
	out, err := a.client.GetQueueAttributes(a.t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &a.dead.URL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages},
	})
	localtest.Must(a.t, err)
	return out.Attributes["ApproximateNumberOfMessages"]
}

func TestListFindsTheAppOfEachLetter(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"), "not an envelope")
	a.addLetters("APP_blog", sealed(t, "blog", "r3"))
	a.addLetters("elsewhere", "nobody's")
	before := a.server.Now()
	found, err := a.dead.List(t.Context(), 100)
	localtest.Must(t, err)
	if diff := cmp.Diff(map[string]int{"shop": 3, "blog": 1, "": 1}, found.ByApp()); diff != "" {
		t.Errorf("by app (-want +got):\n%s", diff)
	}
	if found.Total != 5 || !found.Complete() {
		t.Errorf("total %d, complete: %t", found.Total, found.Complete())
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
	if n := a.visible(); n != "5" {
		t.Errorf("%s letters are visible afterwards, want 5", n)
	}
}

func TestListKeepsItsLimit(t *testing.T) {
	a := newAccount(t)
	var bodies []string
	for i := range 25 {
		bodies = append(bodies, sealed(t, "shop", fmt.Sprint(i)))
	}
	a.addLetters("APP_shop", bodies...)
	for limit, want := range map[int]int{12: 12, 25: 25, 100: 25} {
		found, err := a.dead.List(t.Context(), limit)
		localtest.Must(t, err)
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
		if n := a.visible(); n != "25" {
			t.Errorf("limit %d: %s letters are visible afterwards, want 25", limit, n)
		}
	}
}

func TestListOfAnEmptyQueueMakesOneCall(t *testing.T) {
	a := newAccount(t)
	var calls []string
	a.server.OnCall(func(c awslocal.Call) { calls = append(calls, c.Operation) })
	found, err := a.dead.List(t.Context(), 100)
	localtest.Must(t, err)
	if diff := cmp.Diff([]string{"GetQueueAttributes"}, calls); diff != "" || found.Total != 0 || !found.Complete() {
		t.Errorf("found %+v, calls (-want +got):\n%s", found, diff)
	}
}

func TestListReleasesLettersWhenInterrupted(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "shop", "r1"), sealed(t, "shop", "r2"))
	ctx, cancel := context.WithCancel(t.Context())
	a.dead.Client = interrupter{a.client, cancel}
	_, _ = a.dead.List(ctx, 2)
	if n := a.visible(); n != "2" {
		t.Errorf("%s letters are visible after an interrupt, want 2", n)
	}
}

// interrupter calls interrupt when letters were received.
type interrupter struct {
	deadletters.SQS
	interrupt func()
}

func (i interrupter) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, opts ...func(*sqs.Options)) (
	*sqs.ReceiveMessageOutput, error) {
	defer i.interrupt()
	return i.SQS.ReceiveMessage(ctx, in, opts...)
}

func TestListSaysWhatFailed(t *testing.T) {
	for operation, want := range map[string]string{
		"GetQueueAttributes":           "count the dead letters in ",
		"ReceiveMessage":               "read the dead letters in ",
		"ChangeMessageVisibilityBatch": "make the dead letters in ",
	} {
		a := newAccount(t)
		a.addLetters("APP_shop", sealed(t, "shop", "r1"))
		a.server.Inject(awslocal.Fault{Service: "sqs", Operation: operation, Status: 403, Code: "AccessDenied", Message: "no"})
		_, err := a.dead.List(t.Context(), 10)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v, want %s…", operation, err, want)
		}
		if refused, ok := errors.AsType[smithy.APIError](err); !ok || refused.ErrorCode() != "AccessDenied" {
			t.Errorf("%s: error %v does not wrap AWS's", operation, err)
		}
	}
}

// A letter belongs to the app whose queue it was in: what its message says about another app does not make it that app's.
func TestALetterOfAnotherAppsQueueCannotBeOpened(t *testing.T) {
	a := newAccount(t)
	a.addLetters("APP_shop", sealed(t, "blog", "1"), sealed(t, "shop", "2"))
	for _, body := range []string{sealed(t, "blog", "3"), sealed(t, "../evil\x1b[2J", "4")} {
		_, err := a.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &a.dead.URL, MessageBody: &body})
		localtest.Must(t, err)
	}
	got := map[string]string{}
	_, err := a.dead.Read(t.Context(), 100, func(l deadletters.Letter, c deadletters.Content) error {
		if (l.Err == nil) == (c.Body == nil) || c.Message == "" {
			t.Errorf("letter %+v with %+v", l, c)
		}
		got[fmt.Sprint(l.App, " ", l.Err)] = l.Header.RequestID
		return nil
	})
	localtest.Must(t, err)
	want := map[string]string{
		`shop the message is for app "blog", but was in the queue of shop`: "",
		"shop <nil>": "2", "blog <nil>": "3",
		` the message is not for an app: "../evil\x1b[2J" is not a valid Heroku app name: 3 to 30 lower-case letters, digits and hyphens, ` +
			`starting with a letter, not ending with a hyphen`: "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
}
