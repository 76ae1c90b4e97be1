package awslocal_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestTakenEventsAreGone(t *testing.T) {
	t.Parallel()
	s := localtest.StartAWS(t, awslocal.Options{})
	client := cloudwatchlogs.NewFromConfig(s.Config())
	group, stream := aws.String("g"), aws.String("s")
	_, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	localtest.Must(t, err)
	_, err = client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
	localtest.Must(t, err)
	now := s.Now().UnixMilli()
	put := func(texts ...string) {
		var events []types.InputLogEvent
		for i, text := range texts {
			events = append(events, types.InputLogEvent{Timestamp: aws.Int64(now + int64(i)), Message: &text})
		}
		_, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream, LogEvents: events})
		localtest.Must(t, err)
	}
	left := func() int {
		out, err := client.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: stream})
		localtest.Must(t, err)
		return len(out.Events)
	}
	put("a", "b")
	want := []awslocal.TakenEvent{{Time: now, Message: "a"}, {Time: now + 1, Message: "b"}}
	if diff := cmp.Diff(want, s.TakeEvents("g", "s")); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	if again := s.TakeEvents("g", "s"); again != nil || s.TakeEvents("g", "other") != nil || left() != 0 {
		t.Errorf("%d events are taken again, %d are left", len(again), left())
	}
	put("c")
	if s.EmptyGroup("g"); left() != 0 {
		t.Error("an event is left in the emptied group")
	}
}
