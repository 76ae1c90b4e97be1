package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logplex/logplextest"
	"heroku-drains/lib/stack"
)

// refuse makes puts fail that contain one of the texts, as CloudWatch Logs refuses a whole call for one event.
func refuse(texts ...string) func(int, *cloudwatchlogs.PutLogEventsInput) error {
	return func(_ int, in *cloudwatchlogs.PutLogEventsInput) error {
		for _, e := range in.LogEvents {
			for _, text := range texts {
				if strings.Contains(*e.Message, text) {
					return &types.InvalidParameterException{Message: aws.String("Log event too large")}
				}
			}
		}
		return nil
	}
}

// sorted returns the stored texts in order of the alphabet.
func (s *system) sorted() []string {
	all := s.logs.texts()
	slices.Sort(all)
	return all
}

// A refused event does not keep others from being stored, neither those of other messages nor those of its own. It is stored escaped.
func TestRefusedEvent(t *testing.T) {
	for name, tags := range map[string]map[string]string{"text": nil, "JSON": asJSON} {
		t.Run(name, func(t *testing.T) {
			s := newSystem(t, tags)
			s.logs.before = refuse("poison\x01", `poison\u0001`)
			var all []events.SQSMessage
			var want []string
			for i := range 9 {
				all = append(all, post(t, fmt.Sprint(i), dyno(at(0), fmt.Sprint("good ", i))))
				want = append(want, fmt.Sprint("good ", i))
			}
			all = append(all, post(t, "p", dyno(at(0), "before"), dyno(at(time.Second), "poison\x01 \\\"é"), dyno(at(0), "after")))
			if failed := s.handle(t, all...); failed != nil {
				t.Errorf("failed: %v\n%s", failed, s.log)
			}
			want = append(want, "after", "before")
			var got []string
			var escaped []stored
			for _, e := range s.logs.events() {
				text := strings.TrimPrefix(e.Text, prefix)
				if tags != nil {
					o := parse(t, e.Text)
					text, _ = o["message"].(string)
					if o["process"] == "escaped" {
						text = "heroku-drains[escaped]: " + text
					}
				}
				if strings.HasPrefix(text, "heroku-drains[escaped]: ") {
					escaped = append(escaped, stored{e.Time, text})
				} else {
					got = append(got, text)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("other lines (-want +got):\n%s", diff)
			}
			text := `heroku-drains[escaped]: "app[web.1]: poison\x01 \\\"\u00e9"`
			if tags != nil {
				text = `heroku-drains[escaped]: "{\"source\":\"app\",\"process\":\"web.1\",` +
					`\"message\":\"poison\\u0001 \\\\\\\"\u00e9\"}"`
				text = strings.ReplaceAll(text, "é", `\u00e9`)
			}
			if diff := cmp.Diff([]stored{{at(time.Second), text}}, withoutIDs(escaped)); diff != "" {
				t.Errorf("escaped lines (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(map[string]int{"stored": 12, "escaped": 1, "failed": 0, "rejected": 0}, s.counts(t, "stored", "escaped", "failed", "rejected")); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
			if metrics := s.both(t); metrics[stack.MetricLinesMalformed] != 1 || metrics[stack.MetricLinesStored] != 12 {
				t.Errorf("metrics %v", metrics)
			}
			if log := s.log.String(); strings.Contains(log, "poison") || !strings.Contains(log, `"level":"WARN"`) || strings.Contains(log, `"level":"ERROR"`) {
				t.Errorf("want a warning in the log without the event's text:\n%s", log)
			}
			puts := s.logs.calls
			quantity(t, "failed messages", len(s.handle(t, all...)), 0)
			quantity(t, "puts of a second delivery", s.logs.calls-puts, 0)
		})
	}
}

// An event that CloudWatch Logs finds too large is stored in small pieces, from which its text can be put together.
func TestRefusedLongEvent(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.before = func(_ int, in *cloudwatchlogs.PutLogEventsInput) error {
		for _, e := range in.LogEvents {
			if len(*e.Message) > 256*1024 {
				return &types.InvalidParameterException{Message: aws.String("Log event too large: 900000 bytes exceeds limit of 262144")}
			}
		}
		return nil
	}
	text := strings.Repeat("\x01é", 225_000)
	quantity(t, "failed messages", len(s.handle(t, post(t, "1", logplextest.Chunks(at(time.Microsecond), "web.1", text)...))), 0)
	var got strings.Builder
	for i, piece := range s.logs.texts() {
		piece, marked := strings.CutPrefix(piece, "heroku-drains[escaped]: ")
		piece, continued := strings.CutPrefix(piece, "[continued] ")
		if !marked || continued != (i > 0) {
			t.Errorf("piece %d: %.60q", i, piece)
		}
		got.WriteString(piece)
	}
	if want := `"app[web.1]: ` + strings.Repeat(`\x01\u00e9`, 225_000) + `"`; got.String() != want {
		t.Errorf("%d bytes stored, want %d", got.Len(), len(want))
	}
	if diff := cmp.Diff(map[string]int{"escaped": 1, "malformed": 1}, s.counts(t, "escaped", "malformed")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

// A message that takes several puts, one of which is refused.
func TestRefusedEventOfALargeMessage(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.before = refuse("poison\x01")
	var frames []string
	for i := range 90 {
		frames = append(frames, dyno(at(time.Duration(i)*time.Millisecond), fmt.Sprint(i)+strings.Repeat(" \xff", 3_500)))
	}
	frames = append(frames, dyno(at(40*time.Millisecond), "poison\x01"))
	m := post(t, "1", frames...)
	for range 2 {
		quantity(t, "failed messages", len(s.handle(t, m)), 0)
		quantity(t, "events", len(s.logs.events()), 91)
	}
}

// If CloudWatch Logs refuses whatever is put, the events are not to blame. Then the messages fail, after few calls.
func TestEverythingIsRefused(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.before = refuse("")
	failed := s.handle(t, post(t, "1", lines(1000, noon)...), post(t, "2", lines(1000, noon)...))
	if diff := cmp.Diff([]string{"1", "2"}, failed); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	if s.logs.calls > 30 {
		t.Errorf("%d calls", s.logs.calls)
	}
	if !strings.Contains(s.log.String(), `"level":"ERROR"`) {
		t.Errorf("no error in the log:\n%s", s.log)
	}
	s.logs.before = nil
	quantity(t, "failed messages", len(s.handle(t, post(t, "1", lines(1000, noon)...))), 0)
	quantity(t, "events", len(s.logs.events()), 1000)
}

// A message full of refused events takes a bounded number of calls. All its lines are stored, those that the search did not reach escaped, too.
func TestManyRefusedEvents(t *testing.T) {
	s := newSystem(t, nil)
	s.logs.before = refuse("poison\x01")
	var frames []string
	for i := range 5000 {
		frames = append(frames, dyno(noon, fmt.Sprint("poison\x01", i)))
	}
	quantity(t, "failed messages", len(s.handle(t, post(t, "1", frames...), post(t, "2", dyno(noon, "good")))), 0)
	quantity(t, "events", len(s.logs.events()), 5001)
	if !slices.Contains(s.logs.texts(), prefix+"good") {
		t.Error("the line of the other message is not stored as it is")
	}
	if s.logs.calls > 200 {
		t.Errorf("%d calls", s.logs.calls)
	}
}

// While the refused events are searched for, other errors fail only their messages, and copies fail with the message that they are copies of.
func TestFailureWhileSearching(t *testing.T) {
	s := newSystem(t, nil)
	down := true
	s.logs.before = func(put int, in *cloudwatchlogs.PutLogEventsInput) error {
		if err := refuse("poison\x01")(put, in); err != nil {
			return err
		}
		if down && slices.ContainsFunc(in.LogEvents, func(e types.InputLogEvent) bool { return strings.Contains(*e.Message, "unlucky") }) {
			return errors.New("down")
		}
		return nil
	}
	unlucky := request{frameID: "F", messageID: "unlucky"}.message(t, dyno(noon, "unlucky"))
	again := request{frameID: "F", messageID: "copy"}.message(t, overflow(noon, 3), dyno(noon, "unlucky"))
	all := []events.SQSMessage{
		unlucky, post(t, "2", dyno(noon, "2")), post(t, "p", dyno(noon, "poison\x01"), dyno(noon, "p")), post(t, "4", dyno(noon, "4")), again,
	}
	if diff := cmp.Diff([]string{"unlucky", "2", "copy"}, s.handle(t, all...)); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	down = false
	quantity(t, "failed messages", len(s.handle(t, all...)), 0)
	want := []string{
		prefix + "2", prefix + "4", prefix + "p", prefix + "unlucky", `heroku-drains[escaped]: "app[web.1]: poison\x01"`,
		"heroku[logplex]: Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:59:00+00:00.",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, s.sorted()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// The search ends with the function's time.
func TestSearchUntilTheDeadline(t *testing.T) {
	s := newSystem(t, nil)
	s.now = time.Now()
	end := s.now.Add(time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	s.logs.before = func(put int, in *cloudwatchlogs.PutLogEventsInput) error {
		s.now = s.now.Add(20 * time.Second)
		return refuse("poison\x01")(put, in)
	}
	failed := s.handleBy(ctx, t, post(t, "1", dyno(s.now, "poison\x01"), dyno(s.now, "a")), post(t, "2", dyno(s.now, "b")))
	if diff := cmp.Diff([]string{"1", "2"}, failed); diff != "" {
		t.Errorf("failed messages (-want +got):\n%s", diff)
	}
	quantity(t, "calls", s.logs.calls, 3)
}
