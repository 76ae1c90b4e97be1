package storage_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logplex/logplextest"
)

func TestLinesAreStoredAsHerokuPrintsThem(t *testing.T) {
	s := newSystem(t, nil)
	failed := s.handle(t,
		post(t, "1", dyno(at(2*time.Second), "third"), dyno(at(0), "first \x1b[31mred\x1b[0m\x00")),
		post(t, "2", logplextest.Frame(logplextest.Line(158, at(time.Second), "heroku", "router", `at=info method=GET path="/"`)+"\n"), dyno(at(3*time.Second), "")),
	)
	want := []stored{
		{at(0), "app[web.1]: first \x1b[31mred\x1b[0m\x00"},
		{at(time.Second), `heroku[router]: at=info method=GET path="/"`},
		{at(2 * time.Second), "app[web.1]: third"},
		{at(3 * time.Second), "app[web.1]: "},
	}
	if diff := cmp.Diff(want, s.logs.events()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	quantity(t, "failed messages", len(failed), 0)
	quantity(t, "puts", len(s.logs.puts), 1)
}

func TestLinesOfOneMillisecondKeepTheirOrder(t *testing.T) {
	s := newSystem(t, nil)
	same := at(500 * time.Microsecond)
	s.handle(t,
		post(t, "1", dyno(same, "a"), dyno(same, "b"), dyno(at(900*time.Microsecond), "d")),
		post(t, "2", dyno(same, "c"), dyno(at(100*time.Microsecond), "before")),
	)
	want := []string{prefix + "before", prefix + "a", prefix + "b", prefix + "c", prefix + "d"}
	if diff := cmp.Diff(want, s.logs.texts()); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestManyLinesKeepTheirOrder(t *testing.T) {
	const perTime, times = 500, 3
	var frames, want []string
	for i := range perTime * times {
		frames = append(frames, dyno(at(time.Duration(i%times)*time.Millisecond), fmt.Sprint(i)))
	}
	for n := range times {
		for i := range perTime {
			want = append(want, prefix+fmt.Sprint(i*times+n))
		}
	}
	s := newSystem(t, nil)
	s.handle(t, post(t, "1", frames...))
	if diff := cmp.Diff(want, s.logs.texts()); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// Every line is stored once and unchanged, whichever puts fail and however SQS batches the redeliveries.
func TestEveryLineOnce(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			s := newSystem(t, nil)
			s.logs.before = func(int, *cloudwatchlogs.PutLogEventsInput) error {
				if r.IntN(3) == 0 {
					return fmt.Errorf("PutLogEvents: service unavailable")
				}
				return nil
			}
			var waiting []events.SQSMessage
			var want []string
			for m := range 30 {
				var frames []string
				for l := range 1 + r.IntN(200) {
					text := fmt.Sprintf("message %d line %d %s", m, l, strings.Repeat("x", r.IntN(3000)))
					want = append(want, "app[web.1]: "+text)
					frames = append(frames, dyno(at(-time.Duration(r.IntN(5*24))*time.Hour/time.Duration(1+r.IntN(24))), text))
				}
				waiting = append(waiting, post(t, fmt.Sprint(m), frames...))
			}
			for round := 0; len(waiting) > 0; round++ {
				if round > 1000 {
					t.Fatal("the messages are never stored")
				}
				r.Shuffle(len(waiting), func(i, j int) { waiting[i], waiting[j] = waiting[j], waiting[i] })
				batch := waiting[:min(len(waiting), 1+r.IntN(10))]
				failed := s.handle(t, batch...)
				again := slices.DeleteFunc(slices.Clone(batch), func(m events.SQSMessage) bool { return !slices.Contains(failed, m.MessageId) })
				if r.IntN(4) == 0 {
					again = batch // SQS delivers at least once
				}
				waiting = append(slices.Clone(waiting[len(batch):]), again...)
			}
			got := s.logs.texts()
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%d lines are stored, want %d", len(got), len(want))
			}
		})
	}
}

func TestQueueThatIsNotADrains(t *testing.T) {
	s := newSystem(t, nil)
	for _, arn := range []string{"arn:aws:sqs:us-east-1:000000000000:other", "arn:aws:sqs:us-east-1:000000000000:APP_", ""} {
		m := post(t, "1", dyno(noon, "x"))
		m.EventSourceARN = arn
		if _, err := s.Handle(context.Background(), events.SQSEvent{Records: []events.SQSMessage{m}}); err == nil {
			t.Errorf("queue %q: no error, so its messages are lost", arn)
		}
	}
	quantity(t, "puts", len(s.logs.puts), 0)
}

func TestNothingToStore(t *testing.T) {
	s := newSystem(t, nil)
	quantity(t, "failed messages", len(s.handle(t)), 0)
	quantity(t, "failed messages", len(s.handle(t, post(t, "1"))), 0)
	quantity(t, "puts", s.logs.calls, 0)
}

func TestSummaryCountsWithoutContents(t *testing.T) {
	s := newSystem(t, nil)
	s.handle(t,
		post(t, "1", dyno(noon, "s3cret line"), "g4rbage", dyno(at(-30*24*time.Hour), "old s3cret")),
		events.SQSMessage{MessageId: "2", Body: "p01son", EventSourceARN: "arn:aws:sqs:us-east-1:000000000000:APP_shop"},
		post(t, "1", dyno(noon, "s3cret line"), "g4rbage", dyno(at(-30*24*time.Hour), "old s3cret")),
	)
	want := map[string]int{
		"messages": 3, "taken": 6, "stored": 3, "malformed": 1, "copies": 1, "duplicates": 3, "unreadable": 1, "moved": 1, "rejected": 0, "failed": 1,
		"bytes": 3*26 + len("app[web.1]: s3cret line") + len("heroku-drains[malformed]: g4rbage") +
			len("app[web.1]: old s3cret [original time 2026-10-21T12:00:00.000000+00:00]"),
	}
	got := s.counts(t, "messages", "taken", "stored", "malformed", "copies", "duplicates", "unreadable", "moved", "rejected", "failed", "bytes")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if app := s.summary(t)["app"]; app != "shop" {
		t.Errorf("the summary is for app %v", app)
	}
	for _, secret := range []string{"s3cret", "g4rbage", "p01son"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, s.log.String())
		}
	}
}

// Invoke must do what aws-lambda-go does with Handle, whatever the event.
func TestInvokeDoesWhatHandleDoes(t *testing.T) {
	m := post(t, "1", dyno(noon, "a line"))
	good, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{m}})
	if err != nil {
		t.Fatal(err)
	}
	odd := strings.Replace(string(good), `"messageId"`, `"MESSAGEID"`, 1) // AWS does not write it, but encoding/json accepts it
	if odd == string(good) {
		t.Fatal("the event has no messageId")
	}
	for name, event := range map[string]string{
		"a message": string(good), "a name in upper case": odd, "no messages": `{"Records":[]}`, "another event": `{"x":1}`, "no JSON": `{"Records":[`, "a wrong type": `{"Records":{}}`,
		"a foreign queue": strings.Replace(string(good), ":APP_", ":OTHER_", 1),
	} {
		t.Run(name, func(t *testing.T) {
			var answers, errs [2]string
			var stored [2]int
			for i := range 2 {
				s := newSystem(t, nil)
				invoke := s.Invoke
				if i == 0 {
					invoke = lambda.NewHandler(s.Handle).Invoke
				}
				answer, err := invoke(t.Context(), []byte(event))
				answers[i], errs[i], stored[i] = string(answer), fmt.Sprint(err), len(s.logs.texts())
			}
			if answers[0] != answers[1] || errs[0] != errs[1] || stored[0] != stored[1] {
				t.Errorf("Handle: %s, %s, %d lines; Invoke: %s, %s, %d lines", answers[0], errs[0], stored[0], answers[1], errs[1], stored[1])
			}
		})
	}
}
