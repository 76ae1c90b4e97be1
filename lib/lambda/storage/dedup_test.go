package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/logplex/logplextest"
)

func TestRedelivery(t *testing.T) {
	body := []string{dyno(noon, "a"), dyno(noon, "b")}
	first := request{frameID: "F", messageID: "1"}.message(t, body...)
	for _, test := range []struct {
		name string
		then events.SQSMessage
		more []string // stored by the second delivery
	}{
		{"redelivered by SQS", first, nil},
		{"resent by Logplex", request{frameID: "F", messageID: "2", received: at(time.Second)}.message(t, body...), nil},
		{"resent by Logplex with an L10", request{frameID: "F", messageID: "2"}.message(t, append([]string{overflow(noon, 3)}, body...)...),
			[]string{"heroku[logplex]: Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:59:00+00:00."}},
		{"another frame", request{frameID: "G", messageID: "2"}.message(t, body...), []string{prefix + "a", prefix + "b"}},
		{"the same frame id from another drain", request{frameID: "F", messageID: "2", token: "d.other"}.message(t, body...), []string{prefix + "a", prefix + "b"}},
		{"the same frame id with other lines", request{frameID: "F", messageID: "2"}.message(t, dyno(noon, "a"), dyno(noon, "c")), []string{prefix + "a", prefix + "c"}},
		{"no frame id, another message", request{messageID: "2"}.message(t, body...), []string{prefix + "a", prefix + "b"}},
	} {
		for _, together := range []bool{true, false} {
			name := test.name
			if together {
				name += " in the same batch"
			}
			t.Run(name, func(t *testing.T) {
				s := newSystem(t, nil)
				if together {
					quantity(t, "failed messages", len(s.handle(t, first, test.then)), 0)
				} else {
					quantity(t, "failed messages", len(s.handle(t, first))+len(s.handle(t, test.then)), 0)
				}
				want, got := append([]string{prefix + "a", prefix + "b"}, test.more...), s.logs.texts()
				slices.Sort(want)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("stored (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A warm function recognizes the last messages that it has stored, but its memory has a limit.
func TestLimitOfTheMemory(t *testing.T) {
	old := []events.SQSMessage{post(t, "whole", dyno(noon, "a")), post(t, "with a report", overflow(noon, 3), dyno(noon, "b"))}
	s := newSystem(t, nil)
	s.handle(t, old...)
	others := 0
	storeOthers := func(n int) {
		batch := make([]events.SQSMessage, n)
		for i := range batch {
			others++
			batch[i] = post(t, fmt.Sprint(others), dyno(noon, "c"))
		}
		s.handle(t, batch...)
	}
	storeOthers(storage.Remembered - len(old))
	before := len(s.logs.events())
	s.handle(t, old...)
	quantity(t, "events of copies after as many messages as are remembered", len(s.logs.events())-before, 0)
	for range 2 {
		storeOthers(storage.Remembered)
	}
	before = len(s.logs.events())
	s.handle(t, old...)
	quantity(t, "events of copies after twice as many", len(s.logs.events())-before, 3)
}

func TestRedeliveryWithoutFrameID(t *testing.T) {
	m := request{messageID: "1"}.message(t, dyno(noon, "a"))
	s := newSystem(t, nil)
	s.handle(t, m)
	s.handle(t, m)
	if diff := cmp.Diff([]string{prefix + "a"}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// The L10 line that Logplex adds to a resent batch is stored once, however often the batch comes.
func TestOverflowReportOnce(t *testing.T) {
	again := request{frameID: "F", messageID: "2"}.message(t, overflow(noon, 3), dyno(noon, "a"))
	s := newSystem(t, nil)
	s.handle(t, post(t, "1", dyno(noon, "z")), request{frameID: "F", messageID: "1"}.message(t, dyno(noon, "a")), again)
	s.handle(t, again)
	s.handle(t, again)
	quantity(t, "events", len(s.logs.events()), 3)
}

// log-shuttle puts what it says about lost lines in front of every try of a batch, with the time of that try: the batch is the same.
func TestLossReportsOfLogShuttle(t *testing.T) {
	copied := func(id string, second int) events.SQSMessage {
		says := func(text string) string {
			frame := logplextest.Frame(fmt.Sprintf(
				"<172>1 2026-11-20T12:00:%02d.000000+00:00 heroku app log-shuttle - - %s since 2026-11-20T11:59:00.000000+00:00", second, text))
			return frame
		}
		return request{frameID: "F", messageID: id}.message(t, says("Error L12: 3 messages dropped"), says("Error L13: 2 messages lost"), dyno(noon, "a"), dyno(noon, "b"))
	}
	for _, instances := range []string{"the same instance", "another instance"} {
		t.Run(instances, func(t *testing.T) {
			s, _ := newDurable(t, nil)
			s.handle(t, copied("1", 1))
			if instances == "another instance" {
				s.restart()
			}
			s.handle(t, copied("2", 6), copied("3", 11))
			got := s.logs.texts()
			quantity(t, "lines", len(slices.DeleteFunc(slices.Clone(got), func(text string) bool { return strings.Contains(text, "Error L") })), 2)
			quantity(t, "reports", len(got)-2, 6)
		})
	}
}

// Two parts of one request are not copies of each other.
func TestPartsOfOneRequest(t *testing.T) {
	var frames []string
	for range 150 {
		frames = append(frames, dyno(noon, logplextest.Letters(8_000)))
	}
	parts := request{frameID: "F", messageID: "1"}.messages(t, frames...)
	if len(parts) < 2 {
		t.Fatal("the request is too small for two parts")
	}
	s := newSystem(t, nil)
	s.handle(t, parts...)
	quantity(t, "events", len(s.logs.events()), 150)
}

// Copies of a message fail with it: no copy is treated as stored before one of them is.
func TestCopyOfAMessageThatFails(t *testing.T) {
	large := sized(t, noon, 600_000, 600_000)
	first, second := large[0], large[1]
	same := first
	same.MessageId = "copy"
	s := newSystem(t, nil)
	s.logs.before = throttle(1)
	if diff := cmp.Diff([]string{"1", "copy", "late copy"}, s.handle(t, first, same, second, withID(first, "late copy"))); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	s.logs.before = nil
	quantity(t, "failed messages", len(s.handle(t, same, first)), 0)
	total := 0
	for _, text := range s.logs.texts() {
		total += len(text) + 26
	}
	quantity(t, "bytes stored", total, 1_200_000)
}

func withID(m events.SQSMessage, id string) events.SQSMessage {
	m.MessageId = id
	return m
}

// If the function's response is lost after a put, a second delivery to the same process stores nothing.
func TestLostResponse(t *testing.T) {
	messages := fourPuts(t, noon)
	s := newSystem(t, nil)
	s.handle(t, messages[:4]...)
	s.handle(t, messages...)
	total := 0
	for _, text := range s.logs.texts() {
		total += len(text) + 26
	}
	quantity(t, "bytes stored", total, 3_000_000)
	quantity(t, "copies", s.counts(t, "copies")["copies"], 4)
}

// If one process serves several invocations at once, copies of a message are stored once, and none is acknowledged before that.
func TestConcurrentCopies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t, nil)
		m := post(t, "1", dyno(noon, "a"))
		s.logs.before = func(put int, _ *cloudwatchlogs.PutLogEventsInput) error {
			time.Sleep(time.Second) // in the bubble's time: all copies have started by then
			return throttle(1)(put, nil)
		}
		const copies = 8
		var failed atomic.Int32
		var wg sync.WaitGroup
		for range copies {
			wg.Go(func() { failed.Add(int32(len(s.handle(t, m)))) })
		}
		wg.Wait()
		quantity(t, "copies that failed with the first put", int(failed.Load()), 1)
		quantity(t, "puts", s.logs.calls, 2)
		if diff := cmp.Diff([]string{prefix + "a"}, s.logs.texts()); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
	})
}

// If another batch of the queue takes until the deadline, the messages are delivered again.
func TestWaitForTheQueueUntilTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t, nil)
		s.now = time.Now()
		m := post(t, "1", dyno(s.now, "a"))
		s.logs.before = func(int, *cloudwatchlogs.PutLogEventsInput) error {
			time.Sleep(time.Hour)
			return nil
		}
		var wg sync.WaitGroup
		wg.Go(func() { s.handle(t, m) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{m}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want context.DeadlineExceeded", err)
		}
		wg.Wait()
		quantity(t, "puts", s.logs.calls, 1)
	})
}
