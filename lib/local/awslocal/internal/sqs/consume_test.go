package sqs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/sqs"
)

const (
	url = "http://127.0.0.1:4566/000000000000/q"
	arn = "arn:aws:sqs:us-east-1:000000000000:q"
)

// newService returns an SQS with one queue, and its clock.
func newService(t *testing.T) (*sqs.Service, *clock.Clock) {
	t.Helper()
	c := clock.New()
	s, err := sqs.New(sqs.Config{Clock: c, Account: awsapi.Account{ID: "000000000000", Region: "us-east-1"}, BaseURL: "http://127.0.0.1:4566"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := call(t, s, "CreateQueue", `{"QueueName":"q","Attributes":{"VisibilityTimeout":"60"}}`, nil); err != nil {
		t.Fatal(err)
	}
	return s, c
}

// call calls an operation without HTTP and decodes its result into out, unless out is nil.
func call(t *testing.T, s *sqs.Service, operation, in string, out any) error {
	t.Helper()
	answer, err := s.Operations[operation](t.Context(), []byte(in))
	if err != nil || out == nil {
		return err
	}
	body, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return json.Unmarshal(body, out)
}

// sendMany sends n messages.
func sendMany(t *testing.T, s *sqs.Service, n int) {
	t.Helper()
	for range n {
		if err := call(t, s, "SendMessage", fmt.Sprintf(`{"QueueUrl":%q,"MessageBody":"x"}`, url), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReceiveAndDelete(t *testing.T) {
	s, c := newService(t)
	if got, ok := s.VisibilityTimeout(arn); got != time.Minute || !ok {
		t.Errorf("visibility timeout %s, %t, want 1m0s, true", got, ok)
	}
	if got, ok := s.VisibilityTimeout(arn + "-absent"); got != 0 || ok {
		t.Errorf("visibility timeout of a queue that does not exist: %s, %t, want 0s, false", got, ok)
	}
	sendMany(t, s, 25)
	messages, err := s.Receive(t.Context(), arn, 1000, time.Minute)
	if err != nil || len(messages) != 25 {
		t.Fatalf("received %d, %v", len(messages), err)
	}
	var handles []string
	for _, m := range messages[1:] {
		handles = append(handles, m.ReceiptHandle)
	}
	s.Delete(arn, handles...)
	if again, err := s.Receive(t.Context(), arn, 1000, 0); err != nil || len(again) != 0 {
		t.Errorf("received %d hidden messages, %v", len(again), err)
	}
	c.Advance(time.Minute)
	again, err := s.Receive(t.Context(), arn, 1000, 0)
	if err != nil || len(again) != 1 || again[0].MessageID != messages[0].MessageID || again[0].Attributes["ApproximateReceiveCount"] != "2" {
		t.Errorf("received %+v, %v, want only the message that was not deleted", again, err)
	}
	s.Delete(arn+"-absent", handles...) // does nothing
}

// TestReceiveWaits runs on synctest's time, which passes only while every goroutine waits.
func TestReceiveWaits(t *testing.T) {
	visibility := func(handle string) string {
		return fmt.Sprintf(`{"QueueUrl":%q,"ReceiptHandle":%q,"VisibilityTimeout":0}`, url, handle)
	}
	for _, c := range []struct {
		name      string
		inFlight  bool // start with a message that is in flight for a minute
		meanwhile func(t *testing.T, s *sqs.Service, c *clock.Clock, handle string)
		after     time.Duration
		want      int
		code      string
	}{
		{name: "a message is sent", meanwhile: func(t *testing.T, s *sqs.Service, _ *clock.Clock, _ string) { sendMany(t, s, 1) }, want: 1},
		{name: "none is sent", after: time.Hour},
		{name: "the clock is advanced", meanwhile: func(_ *testing.T, _ *sqs.Service, c *clock.Clock, _ string) { c.Advance(time.Hour) }},
		{name: "one in flight becomes visible", inFlight: true, after: time.Minute, want: 1},
		{name: "one in flight is released", inFlight: true, meanwhile: func(t *testing.T, s *sqs.Service, _ *clock.Clock, handle string) {
			if err := call(t, s, "ChangeMessageVisibility", visibility(handle), nil); err != nil {
				t.Error(err)
			}
		}, want: 1},
		{name: "the queue is deleted", meanwhile: func(t *testing.T, s *sqs.Service, _ *clock.Clock, _ string) {
			if err := call(t, s, "DeleteQueue", fmt.Sprintf(`{"QueueUrl":%q}`, url), nil); err != nil {
				t.Error(err)
			}
		}, code: "QueueDoesNotExist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, clk := newService(t)
				handle := ""
				if c.inFlight {
					sendMany(t, s, 1)
					messages, err := s.Receive(t.Context(), arn, 1, 0)
					if err != nil {
						t.Fatal(err)
					}
					handle = messages[0].ReceiptHandle
				}
				began := time.Now()
				done := make(chan struct{})
				go func() {
					defer close(done)
					messages, err := s.Receive(t.Context(), arn, 10, time.Hour)
					if len(messages) != c.want || c.code == "" && err != nil || c.code != "" && awsapi.AsError(err).Code != c.code {
						t.Errorf("received %d, %v", len(messages), err)
					}
				}()
				synctest.Wait() // until the receive waits for a message
				if c.meanwhile != nil {
					c.meanwhile(t, s, clk, handle)
				}
				<-done
				if waited := time.Since(began); waited != c.after {
					t.Errorf("waited %s, want %s", waited, c.after)
				}
			})
		})
	}
}

func TestReceiveEndsWithItsContext(t *testing.T) {
	s, _ := newService(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Receive(ctx, arn, 1, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestInFlightLimit fills a queue to the limit of "approximately 120,000 in flight messages". Above it, a receive fails with OverLimit and
// a long poll returns nothing.
func TestInFlightLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a queue with 120,000 messages")
	}
	const limit = 120_000
	s, c := newService(t)
	sendMany(t, s, limit+1)
	messages, err := s.Receive(t.Context(), arn, limit+1, time.Hour)
	if err != nil || len(messages) != limit {
		t.Fatalf("received %d, %v", len(messages), err)
	}
	receive := fmt.Sprintf(`{"QueueUrl":%q}`, url)
	if err := call(t, s, "ReceiveMessage", receive, nil); awsapi.AsError(err).Code != "OverLimit" {
		t.Errorf("got %v, want OverLimit", err)
	}
	s.Delete(arn, messages[0].ReceiptHandle)
	if err := call(t, s, "ReceiveMessage", receive, nil); err != nil {
		t.Errorf("below the limit again: %v", err)
	}
	c.Advance(time.Minute)
	if err := call(t, s, "ReceiveMessage", receive, nil); err != nil {
		t.Errorf("with none in flight: %v", err)
	}
}

// From the moment in which they are received, messages are taken, so that nobody takes them for forgotten ones.
func TestReceivedMessagesAreTaken(t *testing.T) {
	s, _ := newService(t)
	sendMany(t, s, 3)
	if _, err := s.Receive(t.Context(), arn, 2, 0); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} {
		if b := s.Backlog("q"); b.Visible != 1 || b.Hidden != 2 || b.Taken != want {
			t.Errorf("backlog %+v, want %d taken", b, want)
		}
		s.Release(arn, 2)
	}
}
