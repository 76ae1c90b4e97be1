package awslocal_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"
)

// listed returns the ARNs of a topic's subscriptions by endpoint.
func (tt testTopic) listed(t *testing.T) map[string]string {
	t.Helper()
	arns := map[string]string{}
	for p := sns.NewListSubscriptionsByTopicPaginator(tt.Client, &sns.ListSubscriptionsByTopicInput{TopicArn: tt.arn}); p.HasMorePages(); {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Subscriptions) > 100 {
			t.Errorf("a page has %d subscriptions", len(page.Subscriptions))
		}
		for _, s := range page.Subscriptions {
			if *s.TopicArn != *tt.arn || arns[*s.Endpoint] != "" || *s.Owner == "" || *s.Protocol == "" {
				t.Errorf("subscription %+v", s)
			}
			arns[*s.Endpoint] = *s.SubscriptionArn
		}
	}
	return arns
}

func (tt testTopic) describe(t *testing.T, arn string) map[string]string {
	t.Helper()
	out, err := tt.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{SubscriptionArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes
}

func TestSNSSubscriptions(t *testing.T) {
	conform(t, []check{
		{name: "subscribing a queue twice", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			queue := "arn:aws:sqs:us-east-1:" + b.account + ":q"
			arn := tt.subscribe(t, "sqs", queue)
			if again := tt.subscribe(t, "sqs", queue); again != arn {
				t.Errorf("another subscription: %s", again)
			}
			if diff := cmp.Diff(map[string]string{queue: arn}, tt.listed(t)); diff != "" {
				t.Errorf("subscriptions (-want +got):\n%s", diff)
			}
		}},
		{name: "attributes of a queue's subscription", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			queue := "arn:aws:sqs:us-east-1:" + b.account + ":q"
			arn := tt.subscribe(t, "sqs", queue, "RawMessageDelivery", "true")
			all, got := tt.describe(t, arn), map[string]string{}
			for _, name := range []string{"SubscriptionArn", "TopicArn", "Endpoint", "Protocol", "Owner", "PendingConfirmation", "RawMessageDelivery"} {
				got[name] = all[name]
			}
			want := map[string]string{
				"SubscriptionArn": arn, "TopicArn": *tt.arn, "Endpoint": queue, "Protocol": "sqs", "Owner": b.account, "PendingConfirmation": "false",
				"RawMessageDelivery": "true",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
			_, err := tt.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{
				SubscriptionArn: aws.String(*tt.arn + ":11111111-1111-4111-8111-111111111111"),
			})
			wantCode(t, err, "NotFound")
		}},
		{name: "a queue that is subscribed otherwise already", notMoto: "it accepts it", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			queue := "arn:aws:sqs:us-east-1:" + b.account + ":q"
			tt.subscribe(t, "sqs", queue)
			_, err := tt.Subscribe(t.Context(), &sns.SubscribeInput{
				TopicArn: tt.arn, Protocol: aws.String("sqs"), Endpoint: &queue, Attributes: pairs("RawMessageDelivery", "true"),
			})
			wantCode(t, err, "InvalidParameter")
		}},
		{name: "an e-mail address has to be confirmed", notMoto: "it confirms it at once", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			const address = "a@example.org"
			out, err := tt.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: tt.arn, Protocol: aws.String("email"), Endpoint: aws.String(address)})
			if err != nil || *out.SubscriptionArn != "pending confirmation" {
				t.Fatalf("%v, %v", out, err)
			}
			arn := tt.subscribe(t, "email", address)
			if got := tt.listed(t)[address]; got != "PendingConfirmation" {
				t.Errorf("listed as %s", got)
			}
			if got := tt.describe(t, arn)["PendingConfirmation"]; got != "true" {
				t.Errorf("pending: %s", got)
			}
			counts, err := tt.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: tt.arn})
			if err != nil || counts.Attributes["SubscriptionsPending"] != "1" || counts.Attributes["SubscriptionsConfirmed"] != "0" {
				t.Errorf("counts %v, %v", counts, err)
			}
			if b.server == nil {
				return
			}
			if n := b.server.ConfirmEmail("other@example.org"); n != 0 {
				t.Errorf("%d subscriptions of another address", n)
			}
			if n := b.server.ConfirmEmail(address); n != 1 {
				t.Errorf("%d subscriptions confirmed", n)
			}
			if got := tt.listed(t)[address]; got != arn {
				t.Errorf("listed as %s, want %s", got, arn)
			}
		}},
		{name: "an e-mail address that nobody confirms", notMoto: needsClock, run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			tt.subscribe(t, "email", "a@example.org")
			b.server.Advance(48 * time.Hour)
			if got := tt.listed(t); len(got) != 0 {
				t.Errorf("after two days: %v", got)
			}
			if n := b.server.ConfirmEmail("a@example.org"); n != 0 {
				t.Errorf("%d subscriptions confirmed", n)
			}
		}},
		{name: "ending a subscription", notMoto: "it does not count it", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			arn := tt.subscribe(t, "sqs", "arn:aws:sqs:us-east-1:"+b.account+":q")
			if _, err := tt.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: &arn}); err != nil {
				t.Fatal(err)
			}
			counts, err := tt.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: tt.arn})
			if err != nil || counts.Attributes["SubscriptionsDeleted"] != "1" || len(tt.listed(t)) != 0 {
				t.Errorf("counts %v, %v", counts, err)
			}
		}},
		{name: "listing by pages", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			want := map[string]string{}
			for n := range 101 {
				queue := fmt.Sprintf("arn:aws:sqs:us-east-1:%s:q%d", b.account, n)
				want[queue] = tt.subscribe(t, "sqs", queue)
			}
			if diff := cmp.Diff(want, tt.listed(t)); diff != "" {
				t.Errorf("subscriptions (-want +got):\n%s", diff)
			}
		}},
		{name: "of a topic that does not exist", run: func(t *testing.T, b backend) {
			tt := newTopic(t, b)
			absent := aws.String(*tt.arn + "x")
			_, err := tt.ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{TopicArn: absent})
			wantCode(t, err, "NotFound")
			_, err = tt.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: absent, Protocol: aws.String("email"), Endpoint: aws.String("a@example.org")})
			wantCode(t, err, "NotFound")
		}},
	})
}
