package awslocal_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
)

// testTopic is a topic, and a client for it.
type testTopic struct {
	*sns.Client
	arn *string
}

func newTopic(t *testing.T, b backend) testTopic {
	t.Helper()
	client := sns.NewFromConfig(b.config)
	out, err := client.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("alerts")})
	if err != nil {
		t.Fatal(err)
	}
	return testTopic{Client: client, arn: out.TopicArn}
}

func (tt testTopic) subscribe(t *testing.T, protocol, endpoint string, attributes ...string) string {
	t.Helper()
	out, err := tt.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: tt.arn, Protocol: &protocol, Endpoint: &endpoint, Attributes: pairs(attributes...), ReturnSubscriptionArn: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.SubscriptionArn
}

func (tt testTopic) publish(t *testing.T, in sns.PublishInput) string {
	t.Helper()
	in.TopicArn = tt.arn
	out, err := tt.Publish(t.Context(), &in)
	if err != nil {
		t.Fatal(err)
	}
	return *out.MessageId
}

// allowTopics lets all topics of an account send to a queue.
func (q testQueue) allowTopics(t *testing.T, b backend) {
	t.Helper()
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage",
		"Resource":%q,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:%s:*"}}}]}`, q.arn(t), b.account)
	if err := q.set(t, "Policy", policy); err != nil {
		t.Fatal(err)
	}
}

func TestSNSTopics(t *testing.T) {
	conform(t, []check{
		{name: "creating a topic twice", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			if want := "arn:aws:sns:us-east-1:" + b.account + ":alerts"; *tt.arn != want {
				t.Errorf("ARN %s, want %s", *tt.arn, want)
			}
			if again := newTopic(t, b); *again.arn != *tt.arn {
				t.Errorf("another ARN: %s", *again.arn)
			}
		}},
		{name: "deleting a topic", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			tt.subscribe(t, "email", "a@example.org")
			if _, err := tt.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: tt.arn}); err != nil {
				t.Fatal(err)
			}
			_, err := tt.Publish(t.Context(), &sns.PublishInput{TopicArn: tt.arn, Message: aws.String("x")})
			wantCode(t, err, "NotFound")
			_, err = tt.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: tt.arn})
			wantCode(t, err, "NotFound")
			newTopic(t, b)
			out, err := tt.ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{TopicArn: tt.arn})
			if err != nil || len(out.Subscriptions) != 0 {
				t.Errorf("the new topic has the subscriptions of the old one: %v, %v", out, err)
			}
		}},
		{name: "deleting what is not there", notMoto: "it answers NotFound", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			if _, err := tt.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: aws.String(*tt.arn + "x")}); err != nil {
				t.Error(err)
			}
		}},
		{name: "attributes", notMoto: "it does not count subscriptions", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			tt.subscribe(t, "sqs", "arn:aws:sqs:us-east-1:"+b.account+":q")
			out, err := tt.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: tt.arn})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, name := range []string{"TopicArn", "Owner", "DisplayName", "SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted"} {
				got[name] = out.Attributes[name]
			}
			want := map[string]string{
				"TopicArn": *tt.arn, "Owner": b.account, "DisplayName": "", "SubscriptionsConfirmed": "1", "SubscriptionsPending": "0", "SubscriptionsDeleted": "0",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
			if policy := out.Attributes["Policy"]; !strings.Contains(compact(t, policy), `"Resource":"`+*tt.arn+`"`) {
				t.Errorf("policy %s", policy)
			}
		}},
		{name: "listing by pages", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			want := map[string]bool{*tt.arn: true}
			for n := range 101 {
				out, err := tt.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String(fmt.Sprintf("t%03d", n))})
				if err != nil {
					t.Fatal(err)
				}
				want[*out.TopicArn] = true
			}
			got := map[string]bool{}
			pages := sns.NewListTopicsPaginator(tt.Client, &sns.ListTopicsInput{})
			for n := 0; pages.HasMorePages(); n++ {
				page, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if n == 0 && len(page.Topics) != 100 {
					t.Errorf("the first page has %d topics", len(page.Topics))
				}
				for _, topic := range page.Topics {
					if got[*topic.TopicArn] {
						t.Errorf("%s is listed twice", *topic.TopicArn)
					}
					got[*topic.TopicArn] = true
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("topics (-want +got):\n%s", diff)
			}
		}},
	})
}

func TestSNSDeliversToQueues(t *testing.T) {
	conform(t, []check{
		{name: "in an envelope", run: func(t *testing.T, b backend) {
			tt, q := newTopic(t, b), newQueue(t, b, "q")
			q.allowTopics(t, b)
			tt.subscribe(t, "sqs", q.arn(t))
			id := tt.publish(t, sns.PublishInput{
				Subject: aws.String("It broke"), Message: aws.String("é\n\"x\""), MessageAttributes: map[string]types.MessageAttributeValue{
					"level": {DataType: aws.String("String"), StringValue: aws.String("critical")},
				},
			})
			var got map[string]any
			if err := json.Unmarshal([]byte(*q.receiveOne(t).Body), &got); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{
				"Type": "Notification", "MessageId": id, "TopicArn": *tt.arn, "Subject": "It broke", "Message": "é\n\"x\"",
				"MessageAttributes": map[string]any{"level": map[string]any{"Type": "String", "Value": "critical"}},
			}
			if _, err := time.Parse("2006-01-02T15:04:05.000Z", got["Timestamp"].(string)); err != nil {
				t.Error(err)
			}
			for _, name := range []string{"Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL"} {
				if got[name] == nil {
					t.Errorf("no %s", name)
				}
				delete(got, name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("envelope (-want +got):\n%s", diff)
			}
		}},
		{name: "raw", run: func(t *testing.T, b backend) {
			tt, q := newTopic(t, b), newQueue(t, b, "q")
			q.allowTopics(t, b)
			tt.subscribe(t, "sqs", q.arn(t), "RawMessageDelivery", "true")
			tt.publish(t, sns.PublishInput{
				Subject: aws.String("It broke"), Message: aws.String("hello"), MessageAttributes: map[string]types.MessageAttributeValue{
					"level": {DataType: aws.String("String"), StringValue: aws.String("critical")},
				},
			})
			m := q.receiveOne(t)
			if *m.Body != "hello" || aws.ToString(m.MessageAttributes["level"].StringValue) != "critical" {
				t.Errorf("message %s, attributes %v", *m.Body, m.MessageAttributes)
			}
		}},
		{name: "the text of the protocol", run: func(t *testing.T, b backend) {
			tt, q, r := newTopic(t, b), newQueue(t, b, "q"), newQueue(t, b, "r")
			for _, queue := range []testQueue{q, r} {
				queue.allowTopics(t, b)
				tt.subscribe(t, "sqs", queue.arn(t), "RawMessageDelivery", "true")
			}
			for message, want := range map[string]string{
				`{"default":"all","sqs":"queues","email":"mail"}`: "queues",
				`{"default":"all","email":"mail"}`:                "all",
				`{"default":"all","unknown":{"a":[1]}}`:           "all",
			} {
				tt.publish(t, sns.PublishInput{Message: &message, MessageStructure: aws.String("json")})
				for _, queue := range []testQueue{q, r} {
					m := queue.receiveOne(t)
					if *m.Body != want {
						t.Errorf("%s: got %s", message, *m.Body)
					}
				}
			}
		}},
		{name: "not if the queue does not allow it", notMoto: "it does not ask", run: func(t *testing.T, b backend) {
			tt, q := newTopic(t, b), newQueue(t, b, "q")
			tt.subscribe(t, "sqs", q.arn(t))
			tt.publish(t, sns.PublishInput{Message: aws.String("lost")})
			q.allowTopics(t, b)
			tt.publish(t, sns.PublishInput{Message: aws.String("kept")})
			if m := q.receiveOne(t); !strings.Contains(*m.Body, `"kept"`) {
				t.Errorf("received %s", *m.Body)
			}
		}},
		{name: "not if there is no such queue", notMoto: "its Publish fails", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			tt.subscribe(t, "sqs", "arn:aws:sqs:us-east-1:"+b.account+":absent")
			tt.publish(t, sns.PublishInput{Message: aws.String("lost")})
		}},
		{name: "not after the subscription has ended", run: func(t *testing.T, b backend) {
			tt, q := newTopic(t, b), newQueue(t, b, "q")
			q.allowTopics(t, b)
			arn := tt.subscribe(t, "sqs", q.arn(t))
			for range 2 {
				if _, err := tt.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: &arn}); err != nil {
					t.Fatal(err)
				}
			}
			tt.publish(t, sns.PublishInput{Message: aws.String("lost")})
			if got := q.receive(t); len(got) != 0 {
				t.Errorf("received %v", got)
			}
		}},
	})
}

func TestOnPublish(t *testing.T) {
	b := startBackend(t)
	tt := newTopic(t, b)
	published := make(chan awslocal.Publication, 10)
	remove := b.server.OnPublish(func(p awslocal.Publication) { published <- p })
	id := tt.publish(t, sns.PublishInput{
		Subject: aws.String("It broke"), Message: aws.String(`{"default":"all","email":"mail"}`), MessageStructure: aws.String("json"),
	})
	if _, err := tt.Publish(t.Context(), &sns.PublishInput{TopicArn: tt.arn, Message: aws.String("{"), MessageStructure: aws.String("json")}); err == nil {
		t.Error("an invalid message was accepted")
	}
	remove()
	tt.publish(t, sns.PublishInput{Message: aws.String("unseen")})
	if n := len(published); n != 1 {
		t.Fatalf("%d publications, want 1", n)
	}
	p := <-published
	if p.ID != id || p.TopicARN != *tt.arn || p.Subject != "It broke" || p.MessageFor("email") != "mail" || p.MessageFor("https") != "all" {
		t.Errorf("publication %+v", p)
	}
	if since := b.server.Now().Sub(p.Time); since < 0 || since > time.Minute {
		t.Errorf("time %v", p.Time)
	}
}
