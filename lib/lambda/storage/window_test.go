package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logplex/logplextest"
)

func TestTimesThatCloudWatchLogsRejects(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name      string
		retention time.Duration
		line      time.Duration // its time, relative to now
		want      time.Duration // the event's
		text      string
	}{
		{"now", week, 0, 0, "x"},
		{"nearly 2 h ahead", week, 2*time.Hour - time.Minute, 2*time.Hour - time.Minute, "x"},
		{"over 2 h ahead", week, 2*time.Hour + time.Millisecond, 0, "x [original time 2026-11-20T14:00:00.001000+00:00]"},
		{"years ahead", week, 800 * day, 0, "x [original time 2029-01-28T12:00:00.000000+00:00]"},
		{"inside the retention", week, -7*day + time.Hour, -7*day + time.Hour, "x"},
		{"older than the retention", week, -7*day - time.Second, 0, "x [original time 2026-11-13T11:59:59.000000+00:00]"},
		{"retention of a day", day, -25 * time.Hour, 0, "x [original time 2026-11-19T11:00:00.000000+00:00]"},
		{"retention of 14 days", 14 * day, -15 * day, 0, "x [original time 2026-11-05T12:00:00.000000+00:00]"},
		{"about to expire", week, -7*day + time.Minute, 0, "x [original time 2026-11-13T12:01:00.000000+00:00]"},
		{"long retention", 400 * day, -13 * day, -13 * day, "x"},
		{"older than 14 days", 400 * day, -15 * day, -14*day + 2*time.Minute, "x [original time 2026-11-05T12:00:00.000000+00:00]"},
		{"never expires", 0, -15 * day, -14*day + 2*time.Minute, "x [original time 2026-11-05T12:00:00.000000+00:00]"},
		{"before 1970", week, -60 * 365 * day, 0, "x [original time 1966-12-05T12:00:00.000000+00:00]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t, nil)
			s.restartOn(s.logs, test.retention)
			if test.retention > 0 {
				s.logs.retention = test.retention
			} else {
				s.logs.retention = 1000 * day
			}
			s.handle(t, post(t, "1", dyno(at(test.line), "x")))
			if diff := cmp.Diff([]stored{{at(test.want), prefix + test.text}}, s.logs.events()); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			moved := 0
			if test.text != "x" {
				moved = 1
			}
			if diff := cmp.Diff(map[string]int{"moved": moved, "rejected": 0}, s.counts(t, "moved", "rejected")); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnreadableTime(t *testing.T) {
	received := at(-time.Minute)
	for _, test := range []struct {
		name, frame string
		json        bool
		want        string
	}{
		{"text", logplextest.Frame("<190>1 yesterday host app web.1 - x\n"), false, "app[web.1]: x [no readable time: yesterday]"},
		{"JSON", logplextest.Frame("<190>1 yesterday host app web.1 - x\n"), true, `{"source":"app","process":"web.1","original_time":"yesterday","message":"x"}`},
		{"malformed", "no frame", false, "heroku-drains[malformed]: no frame"},
		{"malformed JSON", "no frame", true, `{"source":"heroku-drains","process":"malformed","malformed":true,"message":"no frame"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tags map[string]string
			if test.json {
				tags = asJSON
			}
			s := newSystem(t, tags)
			m := request{frameID: "F", messageID: "1", received: received}.message(t, test.frame)
			s.handle(t, m)
			if diff := cmp.Diff([]stored{{received, test.want}}, withoutIDs(s.logs.events())); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMovedTimeInJSON(t *testing.T) {
	s := newSystem(t, asJSON)
	s.handle(t, post(t, "1", dyno(at(3*time.Hour), "x")))
	want := []stored{{noon, `{"source":"app","process":"web.1","original_time":"2026-11-20T15:00:00.000000+00:00","message":"x"}`}}
	if diff := cmp.Diff(want, withoutIDs(s.logs.events())); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}
