package doctor_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// account is an AWS with queues.
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
	want(t, house.Queue(t.Context(), a.client, of("shop", a.queue("APP_shop", redrivesTo("dead"))), dead))
	want(t, house.Queue(t.Context(), a.client, of("blog", a.queue("APP_blog", redrivesTo("other"))), dead),
		"warning|queue|blog|the queue APP_blog has another dead-letter queue than the stack's: arn:aws:sqs:us-east-1:000000000000:other|"+
			"`cli put -a blog` sets the stack's")
	want(t, house.Queue(t.Context(), a.client, of("bare", a.queue("APP_bare", nil)), dead),
		"warning|queue|bare|the queue APP_bare has no dead-letter queue: what cannot be stored is tried for 14 days, and then lost|"+
			"`cli put -a bare` sets the stack's")
	want(t, house.Queue(t.Context(), a.client, of("gone", a.server.AWSURL()+"/000000000000/APP_gone"), dead),
		"error|queue|gone|look at the queue APP_gone: AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.|"+
			"`cli put -a gone` mends the drain")
	want(t, house.Queue(t.Context(), a.client, drain.Drain{App: "none"}, dead))
	want(t, house.Queue(t.Context(), a.client, of("shop", "x"), ""))
}

func TestDeadLetters(t *testing.T) {
	a := newAccount(t)
	queue := deadletters.Queue{Client: a.client, URL: a.queue("dead", nil), Prefix: "APP_"}
	want(t, house.DeadLetters(t.Context(), queue, ""))
	for name, n := range map[string]int{"APP_shop": 2, "APP_blog": 1, "elsewhere": 1} {
		url := a.queue(name, redrivesTo("dead"))
		for range n {
			_, err := a.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("no envelope")})
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
	const fix = "|the storage function's log says why; mend that, then `cli redrive` (`cli redrive --list` shows them)"
	want(t, house.DeadLetters(t.Context(), queue, ""),
		"error|dead letters||4 messages could not be stored, and are dead letters (1 of no app, 1 of blog, 2 of shop)"+fix)
	want(t, house.DeadLetters(t.Context(), queue, "shop"),
		"error|dead letters|shop|2 messages could not be stored, and are dead letters"+fix)
	want(t, house.DeadLetters(t.Context(), queue, "other"))
	if _, err := a.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &queue.URL}); err != nil {
		t.Fatal(err)
	}
	if found := house.DeadLetters(t.Context(), queue, ""); len(found) != 1 || found[0].Check != "dead letters" {
		t.Errorf("findings %+v", found)
	}
}
