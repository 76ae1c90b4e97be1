package awslocal_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// testGroup is a log group and a client for it.
type testGroup struct {
	*logs.Client
	name *string
}

const (
	groupName = "/heroku/apps"
	shop      = "[APP]shop"
)

// newGroup creates the log group /heroku/apps with streams.
func newGroup(t *testing.T, b backend, streams ...string) testGroup {
	t.Helper()
	g := testGroup{logs.NewFromConfig(b.config), aws.String(groupName)}
	if _, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: g.name}); err != nil {
		t.Fatalf("create the log group: %v", err)
	}
	for _, name := range streams {
		if err := g.create(t, name); err != nil {
			t.Fatalf("create log stream %s: %v", name, err)
		}
	}
	return g
}

func (g testGroup) create(t *testing.T, stream string) error {
	t.Helper()
	_, err := g.CreateLogStream(t.Context(), &logs.CreateLogStreamInput{LogGroupName: g.name, LogStreamName: aws.String(stream)})
	return err
}

func (g testGroup) put(t *testing.T, stream string, events ...types.InputLogEvent) (*logs.PutLogEventsOutput, error) {
	t.Helper()
	return g.PutLogEvents(t.Context(), &logs.PutLogEventsInput{LogGroupName: g.name, LogStreamName: aws.String(stream), LogEvents: events})
}

func (g testGroup) mustPut(t *testing.T, stream string, events ...types.InputLogEvent) {
	t.Helper()
	out, err := g.put(t, stream, events...)
	if err != nil {
		t.Fatalf("put into %s: %v", stream, err)
	}
	if out.RejectedLogEventsInfo != nil {
		t.Fatalf("put into %s: rejected %+v", stream, out.RejectedLogEventsInfo)
	}
}

func (g testGroup) retain(t *testing.T, days int32) error {
	t.Helper()
	_, err := g.PutRetentionPolicy(t.Context(), &logs.PutRetentionPolicyInput{LogGroupName: g.name, RetentionInDays: aws.Int32(days)})
	return err
}

// filter reads all pages of FilterLogEvents.
func (g testGroup) filter(t *testing.T, in logs.FilterLogEventsInput) ([]types.FilteredLogEvent, error) {
	t.Helper()
	in.LogGroupName = g.name
	var events []types.FilteredLogEvent
	for pages := logs.NewFilterLogEventsPaginator(g, &in); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			return events, err
		}
		events = append(events, page.Events...)
	}
	return events, nil
}

// messages returns the messages of the events that FilterLogEvents finds.
func (g testGroup) messages(t *testing.T, in logs.FilterLogEventsInput) []string {
	t.Helper()
	events, err := g.filter(t, in)
	if err != nil {
		t.Fatalf("filter: %v", err)
	}
	return filtered(events)
}

func filtered(events []types.FilteredLogEvent) []string {
	messages := []string{}
	for _, e := range events {
		messages = append(messages, *e.Message)
	}
	return messages
}

// event returns an event for PutLogEvents.
func event(at time.Time, message string) types.InputLogEvent {
	return types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String(message)}
}

// numbered returns events with the messages 0 to n-1, one second apart.
func numbered(from time.Time, n int) []types.InputLogEvent {
	var events []types.InputLogEvent
	for i := range n {
		events = append(events, event(from.Add(time.Duration(i)*time.Second), fmt.Sprint(i)))
	}
	return events
}

// ago returns a time in the past, in whole milliseconds. It uses the machine's clock, as do moto and a new embedded AWS.
func ago(d time.Duration) time.Time {
	return time.Now().Add(-d).Truncate(time.Millisecond)
}

// isSorted reports whether events are in chronological order.
func isSorted(events []types.FilteredLogEvent) bool {
	return slices.IsSortedFunc(events, func(a, b types.FilteredLogEvent) int { return int(*a.Timestamp - *b.Timestamp) })
}
