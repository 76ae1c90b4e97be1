package awslocal_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const (
	day     = 24 * time.Hour
	minute  = time.Minute
	twoHour = 2 * time.Hour
)

// TestRejectedEvents checks that events that are too old or too new are reported, and that the others are stored.
func TestRejectedEvents(t *testing.T) {
	const offByOne = "its tooOldLogEventEndIndex is the last index, not the one after it as on AWS, and it ignores the retention"
	var checks []check
	for _, test := range []struct {
		name      string
		notMoto   string
		retention int32
		ages      []time.Duration // of the events
		want      *types.RejectedLogEventsInfo
		stored    []string
	}{
		{
			name: "all in time", ages: []time.Duration{14*day - minute, 14*day - 2*minute},
			stored: []string{"0", "1"},
		},
		{
			name: "too new", ages: []time.Duration{0, -twoHour + minute, -twoHour - minute},
			want: &types.RejectedLogEventsInfo{TooNewLogEventStartIndex: aws.Int32(2)}, stored: []string{"0", "1"},
		},
		{
			name: "only too new", ages: []time.Duration{-3 * time.Hour, -day}, notMoto: "it reports the last index",
			want: &types.RejectedLogEventsInfo{TooNewLogEventStartIndex: aws.Int32(0)}, stored: []string{},
		},
		{
			name: "too old", ages: []time.Duration{16 * day, 14*day + minute, 14*day - minute}, notMoto: offByOne,
			want: &types.RejectedLogEventsInfo{TooOldLogEventEndIndex: aws.Int32(2)}, stored: []string{"2"},
		},
		{
			name: "only too old", ages: []time.Duration{30 * day}, notMoto: offByOne,
			want: &types.RejectedLogEventsInfo{TooOldLogEventEndIndex: aws.Int32(1)}, stored: []string{},
		},
		{
			name: "too old for the retention", retention: 7, ages: []time.Duration{7*day + minute, 7*day - minute}, notMoto: offByOne,
			want: &types.RejectedLogEventsInfo{ExpiredLogEventEndIndex: aws.Int32(1)}, stored: []string{"1"},
		},
		{
			name: "too old although the retention allows it", retention: 30, ages: []time.Duration{14*day + minute, 14*day - minute}, notMoto: offByOne,
			want: &types.RejectedLogEventsInfo{TooOldLogEventEndIndex: aws.Int32(1)}, stored: []string{"1"},
		},
		{
			name: "everything at once", retention: 1, notMoto: offByOne,
			ages: []time.Duration{16 * day, 15 * day, 2 * day, 36 * time.Hour, twoHour, time.Hour, -3 * time.Hour, -4 * time.Hour},
			want: &types.RejectedLogEventsInfo{
				TooOldLogEventEndIndex: aws.Int32(2), ExpiredLogEventEndIndex: aws.Int32(4), TooNewLogEventStartIndex: aws.Int32(6),
			},
			stored: []string{"4", "5"},
		},
		{
			// Rejected events do not count for the limit of 24 hours.
			name: "23 hours between the others", ages: []time.Duration{16 * day, 23 * time.Hour, 0, -5 * time.Hour}, notMoto: offByOne,
			want:   &types.RejectedLogEventsInfo{TooOldLogEventEndIndex: aws.Int32(1), TooNewLogEventStartIndex: aws.Int32(3)},
			stored: []string{"1", "2"},
		},
	} {
		checks = append(checks, check{name: test.name, notMoto: test.notMoto, run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			if test.retention > 0 {
				if err := g.retain(t, test.retention); err != nil {
					t.Fatal(err)
				}
			}
			var events []types.InputLogEvent
			for i, age := range test.ages {
				events = append(events, event(ago(age), string(rune('0'+i))))
			}
			out, err := g.put(t, shop, events...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, out.RejectedLogEventsInfo, cmpopts.IgnoreUnexported(types.RejectedLogEventsInfo{})); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.stored, g.messages(t, logs.FilterLogEventsInput{})); diff != "" {
				t.Errorf("stored:\n%s", diff)
			}
			if len(test.stored) == 0 && g.streams(t, logs.DescribeLogStreamsInput{})[0].LastEventTimestamp != nil {
				t.Error("the stream has an event")
			}
		}})
	}
	conform(t, checks)
}

func TestSequenceTokens(t *testing.T) {
	conform(t, []check{{name: "they are ignored, and putting the same events again adds new ones", run: func(t *testing.T, b backend) {
		g := newGroup(t, b, shop)
		in := &logs.PutLogEventsInput{
			LogGroupName: g.name, LogStreamName: aws.String(shop), LogEvents: []types.InputLogEvent{event(ago(time.Hour), "x")},
		}
		for range 3 {
			out, err := g.PutLogEvents(t.Context(), in)
			if err != nil || out.NextSequenceToken == nil || *out.NextSequenceToken == "" {
				t.Fatalf("%+v, %v", out, err)
			}
			in.SequenceToken = aws.String("not-a-token")
		}
		if got := g.messages(t, logs.FilterLogEventsInput{}); len(got) != 3 {
			t.Errorf("%d events", len(got))
		}
	}}})
}

// TestRetention checks that events expire on the Server's clock.
func TestRetention(t *testing.T) {
	b := startBackend(t)
	g := newGroup(t, b, shop)
	if err := g.retain(t, 1); err != nil {
		t.Fatal(err)
	}
	g.mustPut(t, shop, event(ago(23*time.Hour), "old"), event(ago(0), "new"))
	both := func() [2][]string {
		return [2][]string{got(g.mustGet(t, logs.GetLogEventsInput{})), g.messages(t, logs.FilterLogEventsInput{})}
	}
	check := func(when string, want ...string) {
		t.Helper()
		if diff := cmp.Diff([2][]string{want, want}, both(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (got, then filtered):\n%s", when, diff)
		}
	}
	check("at first", "old", "new")
	b.server.Advance(2 * time.Hour)
	check("after 25 hours of the old one", "new")
	if err := g.retain(t, 7); err != nil {
		t.Fatal(err)
	}
	check("with a longer retention, before AWS has deleted them", "old", "new")
	b.server.Advance(7 * day)
	check("after a week")
	out, err := g.put(t, shop, event(ago(0), "a week ago, by the server's clock"))
	if err != nil || out.RejectedLogEventsInfo == nil || *out.RejectedLogEventsInfo.ExpiredLogEventEndIndex != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	g.mustPut(t, shop, event(b.server.Now(), "now"))
	check("with a new one", "now")
}
