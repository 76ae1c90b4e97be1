package doctor

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// account is an AWS account with queues.
type account struct {
	t      *testing.T
	server *awslocal.Server
	client *sqs.Client
}

func newAccount(t *testing.T) *account {
	server := localtest.StartAWS(t, awslocal.Options{})
	return &account{t, server, sqs.NewFromConfig(server.Config())}
}

func (a *account) queue(name string, attributes map[string]string) string {
	a.t.Helper()
	out, err := a.client.CreateQueue(a.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		a.t.Fatal(err)
	}
	return *out.QueueUrl
}

func redrivesTo(name string) map[string]string {
	const policy = `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:%s","maxReceiveCount":1}`
	return map[string]string{"RedrivePolicy": fmt.Sprintf(policy, name)}
}

func TestQueue(t *testing.T) {
	a := newAccount(t)
	dead := a.queue("dead", nil)
	a.queue("other", nil)
	of := func(app, url string) drain.Drain {
		return drain.Drain{App: app, Queue: &drain.Queue{Name: "APP_" + app, URL: url}}
	}
	want(t, onAWS.queue(t.Context(), a.client, of("shop", a.queue("APP_shop", redrivesTo("dead"))), dead, sources{}))
	want(t, onAWS.queue(t.Context(), a.client, of("blog", a.queue("APP_blog", redrivesTo("other"))), dead, sources{}),
		"warning|queue|blog|the dead-letter queue of the queue APP_blog is not the stack's: arn:aws:sqs:us-east-1:000000000000:other|"+
			"`cli put -a blog` sets the stack's dead-letter queue")
	want(t, onAWS.queue(t.Context(), a.client, of("bare", a.queue("APP_bare", nil)), dead, sources{}),
		"warning|queue|bare|the queue APP_bare has no dead-letter queue: messages that cannot be stored are retried for 14 days, then lost|"+
			"`cli put -a bare` sets the stack's dead-letter queue")
	want(t, onAWS.queue(t.Context(), a.client, of("gone", a.server.AWSURL()+"/000000000000/APP_gone"), dead, sources{}),
		"error|queue|gone|get the attributes of the queue APP_gone: The specified queue does not exist. (AWS.SimpleQueueService.NonExistentQueue)|"+
			"`cli put -a gone` repairs the drain")
	want(t, onAWS.queue(t.Context(), a.client, drain.Drain{App: "none"}, dead, sources{}))
	want(t, onAWS.queue(t.Context(), a.client, of("shop", "x"), "", sources{}))
}

func TestDeadLetters(t *testing.T) {
	a := newAccount(t)
	conns := []connect.Connection{
		{Drain: drain.Drain{App: "shop", Queue: &drain.Queue{Name: "APP_shop"}}},
		{Drain: drain.Drain{App: "blog", LogStream: "[APP]blog"}}, // only its lines are left
	}
	queue := deadletters.Queue{Client: a.client, URL: a.queue("dead", nil), Prefix: "APP_"}
	want(t, onAWS.deadLetters(t.Context(), queue, conns))
	for name, n := range map[string]int{"APP_shop": 2, "APP_blog": 1, "elsewhere": 1} {
		url := a.queue(name, redrivesTo("dead"))
		for range n {
			_, err := a.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("not an envelope")})
			if err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			_, err := a.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
			if err != nil {
				t.Fatal(err)
			}
			a.server.Advance(31 * time.Second)
		}
	}
	of := func(app string) examiner {
		e := onAWS
		e.App = app
		return e
	}
	const find = "|find the cause in the storage function's log and fix it, "
	const fix = "then run `cli redrive` (`cli redrive --list` shows the messages)"
	const discard = "save and discard what cannot be opened with `cli redrive --discard unreadable --save unreadable.jsonl`, "
	put := func(app string) string {
		return fmt.Sprintf("create the drain of %[1]s again with `cli put -a %[1]s` (or only save its dead letters: `cli redrive -a %[1]s --save %[1]s-dead-letters.jsonl`), ", app)
	}
	want(t, onAWS.deadLetters(t.Context(), queue, conns),
		"error|dead letters||4 messages could not be stored and are dead letters (1 of an unknown app, 1 of blog, 2 of shop)"+find+put("blog")+discard+fix)
	want(t, of("shop").deadLetters(t.Context(), queue, conns),
		"error|dead letters|shop|2 messages could not be stored and are dead letters"+find+fix)
	want(t, of("blog").deadLetters(t.Context(), queue, conns),
		"error|dead letters|blog|1 message could not be stored and is a dead letter"+find+put("blog")+fix)
	want(t, of("other").deadLetters(t.Context(), queue, conns))
	if _, err := a.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &queue.URL}); err != nil {
		t.Fatal(err)
	}
	if found := onAWS.deadLetters(t.Context(), queue, conns); len(found) != 1 || found[0].Check != "dead letters" {
		t.Errorf("findings %+v", found)
	}
}
