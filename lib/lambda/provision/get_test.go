package provision_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
)

func TestGetMatchesTheExactName(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	for _, app := range []string{"shop-staging", "shop1", "a-shop", "sho"} {
		put(t, s.Manager, app, "")
	}
	s.createStream(t, "[APP]shop.old")
	s.createQueue(t, "APP_shop_dead")
	_, err := s.Get(t.Context(), "shop")
	wantError(t, err, drain.NotFound)
	_, err = s.Delete(t.Context(), "shop", drain.DeleteOptions{})
	wantError(t, err, drain.NotFound)

	put(t, s.Manager, "shop", "")
	d := get(t, s.Manager, "shop")
	if d.LogStream != "[APP]shop" || d.Queue.Name != "APP_shop" || d.State != drain.Active {
		t.Errorf("Get = %s with stream %s and queue %s", d.State, d.LogStream, d.Queue.Name)
	}
}

func TestGetFollowsThePages(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	for i := range 60 { // CloudWatch Logs lists 50 per page, and all of these before shop
		s.createStream(t, "[APP]shop"+string(rune('!'+i/10))+string(rune('0'+i%10)))
	}
	put(t, s.Manager, "shop", "")
	if d := get(t, s.Manager, "shop"); d.LogStream != "[APP]shop" {
		t.Errorf("stream = %q", d.LogStream)
	}
}

func TestGetChecksTheName(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.called()
	_, err := s.Get(t.Context(), "")
	wantError(t, err, drain.InvalidAppName)
	if calls := s.called(); len(calls) > 0 {
		t.Errorf("calls: %v", calls)
	}
}

func TestGetCountsMessages(t *testing.T) {
	t.Parallel()
	s := newStack(t, time.Hour) // the mapping stays Creating, so that only the test receives messages
	d, _ := put(t, s.Manager, "shop", "")
	for i := range 6 {
		in := &sqs.SendMessageInput{QueueUrl: &d.Queue.URL, MessageBody: aws.String("line")}
		if i < 3 {
			in.DelaySeconds = 60
		}
		_, err := s.sqs.SendMessage(t.Context(), in)
		localtest.Must(t, err)
	}
	_, err := s.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &d.Queue.URL, MaxNumberOfMessages: 1})
	localtest.Must(t, err)
	want := *d.Queue
	want.Counts = &drain.Counts{Messages: 2, InFlight: 1, Delayed: 3}
	if diff := cmp.Diff(&want, get(t, s.Manager, "shop").Queue); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
}

func TestGetReturnsTheTimeOfTheLastEvent(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", "")
	if at := get(t, s.Manager, "shop").LastEventAt; at != nil {
		t.Errorf("the last event of an empty stream is at %s", at)
	}
	last := s.server.Now().Add(-time.Minute).Truncate(time.Millisecond).UTC()
	_, err := s.logs.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(group), LogStreamName: aws.String("[APP]shop"),
		LogEvents: []logstypes.InputLogEvent{
			{Message: aws.String("first"), Timestamp: aws.Int64(last.Add(-time.Second).UnixMilli())},
			{Message: aws.String("last"), Timestamp: aws.Int64(last.UnixMilli())},
		},
	})
	localtest.Must(t, err)
	s.server.Advance(time.Hour) // CloudWatch Logs updates it within an hour
	if at := get(t, s.Manager, "shop").LastEventAt; at == nil || !at.Equal(last) {
		t.Errorf("last event at %v, want %s", at, last)
	}
}

func TestGetWithoutTheLogGroup(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", "")
	_, err := s.logs.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(group)})
	localtest.Must(t, err)
	if d := get(t, s.Manager, "shop"); d.State != drain.Partial || d.LogStream != "" {
		t.Errorf("Get = %s with stream %q, want a partial drain", d.State, d.LogStream)
	}
}
