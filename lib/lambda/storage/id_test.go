package storage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// ids returns the IDs of the stored lines by their texts, for lines whose texts differ.
func (s *system) ids(t *testing.T) map[string]string {
	t.Helper()
	found, used := map[string]string{}, map[string]string{}
	for _, text := range s.logs.texts() {
		id, ok := logformat.ReadID(text)
		if !ok {
			t.Errorf("no ID: %.100s", text)
		}
		l := logformat.Read(text, noon)
		message := string(l.Message)
		if before, again := found[message]; again && before != id.String() {
			t.Errorf("the copies of %.20q have the IDs %s and %s", message, before, id)
		}
		if other, again := used[id.String()]; again && other != message {
			t.Errorf("%.20q and %.20q have the same ID", message, other)
		}
		found[message], used[id.String()] = id.String(), message
	}
	return found
}

// A line has the same ID in each process that stores it, and also if Logplex puts an L10 line in front. The L10 line has its own.
func TestIDsOfCopies(t *testing.T) {
	body := []string{dyno(noon, "a"), "??", dyno(noon, "b")}
	body = append(body, logplextest.Chunks(noon, "web.1", strings.Repeat("\"\x01é", 130_000))...) // two events
	s := newSystem(t, asJSON)
	s.handle(t, request{frameID: "F", messageID: "1"}.message(t, body...))
	first := s.ids(t)
	quantity(t, "lines", len(first), 5)
	s.restart()
	s.handle(t, request{frameID: "F", messageID: "2", received: at(1)}.message(t, body...))
	if diff := cmp.Diff(first, s.ids(t)); diff != "" {
		t.Errorf("IDs (-first +then):\n%s", diff)
	}
	s.restart()
	s.handle(t, request{frameID: "F", messageID: "3"}.message(t, append([]string{overflow(noon, 3)}, body...)...))
	s.restart()
	s.handle(t, request{frameID: "F", messageID: "4"}.message(t, append([]string{overflow(noon, 4)}, body...)...))
	then := s.ids(t)
	quantity(t, "lines and reports", len(then), 7)
	for message, id := range first {
		if then[message] != id {
			t.Errorf("with an L10 line, %.20q has the ID %s, not %s", message, then[message], id)
		}
	}
	quantity(t, "events", len(s.logs.texts()), 22)
}

// A copy whose time is moved, because CloudWatch Logs does not accept it any more, has the same ID.
func TestIDsOfMovedCopies(t *testing.T) {
	s := newSystem(t, asJSON)
	s.restartOn(s.logs, 0)
	s.logs.retention = 1000 * 24 * time.Hour
	m := request{frameID: "F", messageID: "1"}.message(t, dyno(noon.Add(-10*24*time.Hour+123456*time.Microsecond), "a"))
	s.handle(t, m)
	s.restartOn(s.logs, 7*24*time.Hour)
	s.handle(t, m)
	if texts := s.logs.texts(); len(texts) != 2 || strings.Contains(texts[0], "original_time") || !strings.Contains(texts[1], "original_time") {
		t.Errorf("want a copy with its own time, and one with another: %q", texts)
	}
	quantity(t, "lines", len(s.ids(t)), 1)
}

// Lines of other requests have other IDs, whatever else is the same.
func TestIDsOfOtherLines(t *testing.T) {
	seen := map[string]bool{}
	s := newSystem(t, asJSON)
	for _, m := range []events.SQSMessage{
		request{frameID: "F", messageID: "1"}.message(t, dyno(noon, "a"), dyno(noon, "a")),
		request{frameID: "G", messageID: "1"}.message(t, dyno(noon, "a")),
		request{frameID: "F", messageID: "1", token: "d.other"}.message(t, dyno(noon, "a")),
		request{frameID: "F", messageID: "1"}.message(t, dyno(noon, "a"), dyno(noon, "b")),
		request{messageID: "1"}.message(t, dyno(noon, "a")),
		request{messageID: "2"}.message(t, dyno(noon, "a")),
	} {
		s.handle(t, m)
	}
	for _, text := range s.logs.texts() {
		id, _ := logformat.ReadID(text)
		seen[id.String()] = true
	}
	quantity(t, "IDs", len(seen), 8)
}

// The escaped text of a refused event has the ID of its line.
func TestIDsOfEscapedLines(t *testing.T) {
	s := newSystem(t, asJSON)
	refuse := func(_ int, in *cloudwatchlogs.PutLogEventsInput) error {
		for _, e := range in.LogEvents {
			if strings.Contains(*e.Message, "poison") && !strings.Contains(*e.Message, `"escaped"`) {
				return &types.InvalidParameterException{}
			}
		}
		return nil
	}
	s.logs.before = refuse
	m := post(t, "1", dyno(noon, "a"), dyno(noon, "poison"))
	failed := s.handleBy(context.Background(), t, m)
	quantity(t, "failed messages", len(failed), 0)
	got := map[string]bool{}
	for _, text := range s.logs.texts() {
		id, ok := logformat.ReadID(text)
		got[id.String()] = ok
	}
	s.restart()
	s.logs.before = nil
	s.handle(t, m)
	for _, text := range s.logs.texts() {
		if id, _ := logformat.ReadID(text); !got[id.String()] {
			t.Errorf("not the ID of an earlier line: %s", text)
		}
	}
	quantity(t, "events", len(s.logs.texts()), 4)
}
