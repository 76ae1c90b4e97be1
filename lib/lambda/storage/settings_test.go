package storage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSettingsAreReadOnceAMinute(t *testing.T) {
	s := newSystem(t, nil)
	s.handle(t, post(t, "1", dyno(noon, "\x1b[1ma")))
	s.queues.tags = map[string]string{}
	for k, v := range asJSON {
		s.queues.tags[k] = v
	}
	for k, v := range stripped {
		s.queues.tags[k] = v
	}
	s.now = at(59 * time.Second)
	s.handle(t, post(t, "2", dyno(noon, "\x1b[1mb")))
	s.now = at(time.Minute)
	s.handle(t, post(t, "3", dyno(noon, "\x1b[1mc")))
	want := []stored{
		{noon, prefix + "\x1b[1ma"}, {noon, prefix + "\x1b[1mb"},
		{noon, `{"source":"app","process":"web.1","message":"c"}`},
	}
	if diff := cmp.Diff(want, withoutIDs(s.logs.events())); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	quantity(t, "reads", s.queues.asked, 2)
}

func TestUnreadableSettings(t *testing.T) {
	s := newSystem(t, stripped)
	s.queues.err = errors.New("SQS is down")
	s.handle(t, post(t, "1", dyno(noon, "\x1b[1ma"))) // the defaults
	if !strings.Contains(s.log.String(), `"level":"WARN"`) || !strings.Contains(s.log.String(), "SQS is down") {
		t.Errorf("no warning:\n%s", s.log.String())
	}
	s.queues.err, s.now = nil, at(time.Minute)
	s.handle(t, post(t, "2", dyno(noon, "\x1b[1mb")))
	s.queues.err, s.now = errors.New("SQS is down again"), at(2*time.Minute)
	s.handle(t, post(t, "3", dyno(noon, "\x1b[1mc"))) // the last known
	if diff := cmp.Diff([]string{prefix + "\x1b[1ma", prefix + "b", prefix + "c"}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}
