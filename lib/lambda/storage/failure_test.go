package storage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
)

// fourPuts returns messages that fill four puts: 1, 2+3, 4+5 and 6+7, by their ids.
func fourPuts(t *testing.T, when time.Time) []events.SQSMessage {
	t.Helper()
	return sized(t, when, 600_000, 600_000, 300_000, 300_000, 600_000, 300_000, 300_000)
}

func TestFailedPutNamesItsMessages(t *testing.T) {
	messages := fourPuts(t, noon)
	s := newSystem(t, nil)
	s.logs.before = throttle(3)
	if diff := cmp.Diff([]string{"4", "5"}, s.handle(t, messages...)); diff != "" {
		t.Fatalf("failed messages (-want +got):\n%s", diff)
	}
	stored := len(s.logs.events())
	s.restart()
	if failed := s.handle(t, messages[3:5]...); failed != nil {
		t.Errorf("failed at the second delivery: %v", failed)
	}
	total := 0
	for _, text := range s.logs.texts() {
		total += len(text) + 26
	}
	quantity(t, "bytes stored in the end", total, 3_000_000)
	if len(s.logs.events()) <= stored {
		t.Error("the second delivery stored nothing")
	}
	if log := s.log.String(); strings.Count(log, `"level":"ERROR"`) != 1 || !strings.Contains(log, `"messages":2`) || !strings.Contains(log, "Rate exceeded") {
		t.Errorf("want one error with counts and a cause:\n%s", log)
	}
}

func TestUnreadableMessagesFailAlone(t *testing.T) {
	other := request{app: "blog", frameID: "F", messageID: "other"}.message(t, dyno(noon, "of another app"))
	good := post(t, "good", dyno(noon, "good"))
	unreadable := func(id, body string) events.SQSMessage {
		return events.SQSMessage{MessageId: id, Body: body, EventSourceARN: good.EventSourceARN}
	}
	s := newSystem(t, nil)
	failed := s.handle(t, unreadable("text", "hello"), other, good, unreadable("empty", ""), unreadable("cut", good.Body[:len(good.Body)/2]),
		unreadable("body", strings.Replace(good.Body, `"body":"`, `"body":"!`, 1)))
	if diff := cmp.Diff([]string{"text", "other", "empty", "cut", "body"}, failed); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{prefix + "good"}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestMissingStreamIsCreated(t *testing.T) {
	s := newSystem(t, nil)
	delete(s.logs.streams, "[APP]shop")
	if failed := s.handle(t, post(t, "1", dyno(noon, "x"))); failed != nil {
		t.Errorf("failed messages: %v", failed)
	}
	if diff := cmp.Diff([]string{prefix + "x"}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if !s.logs.streams["[APP]shop"] {
		t.Error("the stream was not created")
	}
}

func TestMissingStreamIsCreatedByAnother(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.before = func(put int, _ *cloudwatchlogs.PutLogEventsInput) error {
		if put == 1 {
			return &types.ResourceNotFoundException{} // and the stream exists by the time of CreateLogStream
		}
		return nil
	}
	if failed := s.handle(t, post(t, "1", dyno(noon, "x"))); failed != nil {
		t.Errorf("failed messages: %v\n%s", failed, s.log)
	}
}

func TestMissingGroupIsNotCreated(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.noGroup = true
	if diff := cmp.Diff([]string{"1"}, s.handle(t, post(t, "1", dyno(noon, "x")))); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	if log := s.log.String(); !strings.Contains(log, `log group \"/heroku/apps\" does not exist; deploy the stack again`) {
		t.Errorf("the log does not say what to do:\n%s", log)
	}
}

func TestErrorsThatQuoteEventsAreNotLogged(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.before = func(_ int, in *cloudwatchlogs.PutLogEventsInput) error {
		return &types.InvalidParameterException{Message: aws.String(fmt.Sprintf("Value '%s' at 'logEvents' failed", *in.LogEvents[0].Message))}
	}
	s.handle(t, post(t, "1", dyno(noon, "s3cret")))
	if log := s.log.String(); strings.Contains(log, "s3cret") || !strings.Contains(log, "InvalidParameterException") {
		t.Errorf("want the error's code in the log, without the event's text:\n%s", log)
	}
}

func TestRejectedEventsAreCounted(t *testing.T) {
	s := newSystem(t, nil)
	s.restartOn(s.logs, 0)           // the function assumes that events never expire
	s.logs.retention = 3 * time.Hour // but the group's retention was shortened
	failed := s.handle(t, post(t, "1", dyno(at(-4*time.Hour), "a"), dyno(at(-5*time.Hour), "b"), dyno(noon, "c")))
	if failed != nil {
		t.Errorf("failed, and would fail forever: %v", failed)
	}
	if diff := cmp.Diff(map[string]int{"rejected": 2, "stored": 1}, s.counts(t, "rejected", "stored")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	for _, part := range []string{`"level":"WARN"`, `"rejected":2`, `"log_group":"/heroku/apps"`, `"log_stream":"[APP]shop"`} {
		if !strings.Contains(s.log.String(), part) {
			t.Errorf("the log lacks %s:\n%s", part, s.log.String())
		}
	}
}

// Close to its deadline, the function returns what it has not stored, instead of being killed.
func TestDeadline(t *testing.T) {
	for _, test := range []struct {
		deadline, left time.Duration // at the beginning, and during the second put
		failed         []string
	}{
		{time.Hour, 5100 * time.Millisecond, nil},
		{time.Hour, 5 * time.Second, []string{"5", "6", "7", "4"}},
		{time.Minute, -time.Second, []string{"5", "6", "7", "4"}},
		{16 * time.Second, 4100 * time.Millisecond, nil}, // the last quarter
		{16 * time.Second, 4 * time.Second, []string{"5", "6", "7", "4"}},
	} {
		t.Run(fmt.Sprint(test.deadline, test.left), func(t *testing.T) {
			s := newSystem(t, nil)
			s.now = time.Now()
			end := s.now.Add(test.deadline)
			ctx, cancel := context.WithDeadline(context.Background(), end)
			defer cancel()
			s.logs.before = func(put int, _ *cloudwatchlogs.PutLogEventsInput) error {
				if put == 2 {
					s.now = end.Add(-test.left)
				}
				return nil
			}
			failed := s.handleBy(ctx, t, fourPuts(t, s.now)...)
			if diff := cmp.Diff(test.failed, failed); diff != "" {
				t.Errorf("failed messages (-want +got):\n%s", diff)
			}
			if late := strings.Contains(s.log.String(), "out of time"); late != (failed != nil) {
				t.Errorf("the log has the reason: %t\n%s", late, s.log)
			}
		})
	}
}

// A put may run until a second before the deadline, to leave time for the response, or until a fraction of a short one.
func TestPutEndsBeforeTheDeadline(t *testing.T) {
	for _, test := range []struct{ deadline, want time.Duration }{
		{time.Minute, 59 * time.Second},
		{4 * time.Second, 3500 * time.Millisecond},
	} {
		s := newSystem(t, nil)
		s.now = time.Now()
		ctx, cancel := context.WithDeadline(context.Background(), s.now.Add(test.deadline))
		defer cancel()
		logs := &deadlineLogs{cloudWatch: s.logs}
		s.restartOn(logs, week)
		s.handleBy(ctx, t, post(t, "1", dyno(s.now, "x")))
		if got := logs.deadline.Sub(s.now); got != test.want {
			t.Errorf("with %s left, a put may run for %s, want %s", test.deadline, got, test.want)
		}
	}
}

// deadlineLogs records the deadline of a put.
type deadlineLogs struct {
	*cloudWatch
	deadline time.Time
}

func (d *deadlineLogs) PutLogEvents(ctx context.Context, in *cloudwatchlogs.PutLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error) {
	d.deadline, _ = ctx.Deadline()
	return d.cloudWatch.PutLogEvents(ctx, in)
}
