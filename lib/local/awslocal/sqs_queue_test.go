package awslocal_test

import (
	"errors"
	"fmt"
	"path"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
)

func TestSQSQueues(t *testing.T) {
	conform(t, []check{
		{name: "a new queue has AWS's defaults", run: func(t *testing.T, b backend) {
			got := newQueue(t, b, "q").attributes(t, types.QueueAttributeNameAll)
			delete(got, "CreatedTimestamp")
			delete(got, "LastModifiedTimestamp")
			want := map[string]string{
				"QueueArn":                              "arn:aws:sqs:us-east-1:" + b.account + ":q",
				"ApproximateNumberOfMessages":           "0",
				"ApproximateNumberOfMessagesNotVisible": "0",
				"ApproximateNumberOfMessagesDelayed":    "0",
				"DelaySeconds":                          "0",
				"MaximumMessageSize":                    "1048576",
				"MessageRetentionPeriod":                "345600",
				"ReceiveMessageWaitTimeSeconds":         "0",
				"SqsManagedSseEnabled":                  "true",
				"VisibilityTimeout":                     "30",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "its URL ends with account and name", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			if want := *b.config.BaseEndpoint + "/" + b.account + "/q"; *q.url != want {
				t.Errorf("URL %s, want %s", *q.url, want)
			}
			got, err := q.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("q")})
			if err != nil || *got.QueueUrl != *q.url {
				t.Errorf("GetQueueUrl: %v, %v", got, err)
			}
		}},
		{name: "creating it again with the same attributes returns the same queue", run: func(t *testing.T, b backend) {
			first := newQueue(t, b, "q", "VisibilityTimeout", "360", "DelaySeconds", "5")
			first.send(t, "kept")
			if second := newQueue(t, b, "q", "DelaySeconds", "5", "VisibilityTimeout", "360"); *second.url != *first.url {
				t.Errorf("another URL: %s and %s", *first.url, *second.url)
			}
			if got := first.counts(t); got != [3]string{"0", "0", "1"} {
				t.Errorf("the queue has %v messages now", got)
			}
		}},
		{name: "creating it again with another value is rejected", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q", "VisibilityTimeout", "360")
			_, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q"), Attributes: pairs("VisibilityTimeout", "30")})
			wantCode(t, err, "QueueAlreadyExists")
			if _, ok := errors.AsType[*types.QueueNameExists](err); !ok {
				t.Errorf("%T is not the SDK's QueueNameExists", err)
			}
		}},
		{name: "creating it again with other tags is rejected", notMoto: "CreateQueue compares no tags", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			for step, tags := range []map[string]string{{"team": "web"}, {"team": "data"}, {"team": "web", "more": "x"}} {
				_, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q"), Tags: tags})
				wantCode(t, err, "QueueAlreadyExists")
				if step > 0 {
					continue
				}
				if _, err := q.TagQueue(t.Context(), &sqs.TagQueueInput{QueueUrl: q.url, Tags: map[string]string{"team": "web"}}); err != nil {
					t.Fatal(err)
				}
			}
			for _, tags := range []map[string]string{nil, {"team": "web"}} {
				if _, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q"), Tags: tags}); err != nil {
					t.Errorf("with the tags %v: %v", tags, err)
				}
			}
		}},
		{name: "a deleted queue is gone", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			if _, err := q.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: q.url}); err != nil {
				t.Fatal(err)
			}
			_, err := q.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("q")})
			wantCode(t, err, "AWS.SimpleQueueService.NonExistentQueue")
			if _, ok := errors.AsType[*types.QueueDoesNotExist](err); !ok {
				t.Errorf("%T is not the SDK's QueueDoesNotExist", err)
			}
			_, err = q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("x")})
			wantCode(t, err, "AWS.SimpleQueueService.NonExistentQueue")
		}},
		{name: "a deleted name is blocked for 60 seconds", notMoto: needsClock, run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			if _, err := q.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: q.url}); err != nil {
				t.Fatal(err)
			}
			b.server.Advance(58 * time.Second)
			_, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q")})
			wantCode(t, err, "AWS.SimpleQueueService.QueueDeletedRecently")
			if _, ok := errors.AsType[*types.QueueDeletedRecently](err); !ok {
				t.Errorf("%T is not the SDK's QueueDeletedRecently", err)
			}
			b.server.Advance(3 * time.Second)
			newQueue(t, b, "q")
		}},
		{name: "attributes can be set", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			if err := q.set(t, "VisibilityTimeout", "43200", "MessageRetentionPeriod", "1209600"); err != nil {
				t.Fatal(err)
			}
			want := pairs("VisibilityTimeout", "43200", "MessageRetentionPeriod", "1209600")
			got := q.attributes(t, types.QueueAttributeNameVisibilityTimeout, types.QueueAttributeNameMessageRetentionPeriod)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "no attributes without names", run: func(t *testing.T, b backend) {
			if got := newQueue(t, b, "q").attributes(t); len(got) > 0 {
				t.Errorf("got %v", got)
			}
		}},
		{name: "listing by prefix", run: func(t *testing.T, b backend) {
			for _, name := range []string{"APP_shop", "APP_shop-staging", "OTHER_shop"} {
				newQueue(t, b, name)
			}
			out, err := sqs.NewFromConfig(b.config).ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: aws.String("APP_shop")})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"APP_shop", "APP_shop-staging"}, queueNames(out.QueueUrls)); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "listing page by page", notMoto: "it ignores MaxResults", run: func(t *testing.T, b backend) {
			var want []string
			for i := range 5 {
				want = append(want, fmt.Sprintf("q%d", i))
				newQueue(t, b, want[i])
			}
			pages := sqs.NewListQueuesPaginator(sqs.NewFromConfig(b.config), &sqs.ListQueuesInput{MaxResults: aws.Int32(2)})
			var got []string
			for n := 0; pages.HasMorePages(); n++ {
				out, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if n == 0 && len(out.QueueUrls) != 2 {
					t.Errorf("a page of %d", len(out.QueueUrls))
				}
				got = append(got, queueNames(out.QueueUrls)...)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "purging", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			q.send(t, "a", "b")
			if _, err := q.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: q.url}); err != nil {
				t.Fatal(err)
			}
			if got := q.counts(t); got != [3]string{"0", "0", "0"} {
				t.Errorf("the queue still has %v messages", got)
			}
		}},
		{name: "purging twice in 60 seconds is rejected", notMoto: "it allows that", run: func(t *testing.T, b backend) {
			q := newQueue(t, b, "q")
			purge := func() error {
				_, err := q.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: q.url})
				return err
			}
			if err := purge(); err != nil {
				t.Fatal(err)
			}
			wantCode(t, purge(), "AWS.SimpleQueueService.PurgeQueueInProgress")
			b.server.Advance(time.Minute)
			if err := purge(); err != nil {
				t.Error(err)
			}
		}},
		{name: "tags", run: func(t *testing.T, b backend) {
			client := sqs.NewFromConfig(b.config)
			created, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q"), Tags: pairs("heroku-drains:app", "shop")})
			if err != nil {
				t.Fatal(err)
			}
			q := testQueue{client, created.QueueUrl}
			if err := q.tag(t, pairs("heroku-drains:format", "json", "other", "x")); err != nil {
				t.Fatal(err)
			}
			if _, err := q.UntagQueue(t.Context(), &sqs.UntagQueueInput{QueueUrl: q.url, TagKeys: []string{"other", "absent"}}); err != nil {
				t.Fatal(err)
			}
			got, err := q.ListQueueTags(t.Context(), &sqs.ListQueueTagsInput{QueueUrl: q.url})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(pairs("heroku-drains:app", "shop", "heroku-drains:format", "json"), got.Tags); diff != "" {
				t.Error(diff)
			}
		}},
	})
}

func (q testQueue) tag(t *testing.T, tags map[string]string) error {
	t.Helper()
	_, err := q.TagQueue(t.Context(), &sqs.TagQueueInput{QueueUrl: q.url, Tags: tags})
	return err
}

func queueNames(urls []string) []string {
	var names []string
	for _, url := range urls {
		names = append(names, path.Base(url))
	}
	return names
}
