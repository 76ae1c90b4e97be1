package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/storage"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/stack"
)

// One message is sent for a batch with matches, after its lines are stored, and none for another batch.
func TestReportOfABatch(t *testing.T) {
	s := newSystem(t, nil)
	q := s.alerting(t, `{}`)
	s.handle(t, post(t, "1", dyno(noon, "a")))
	quantity(t, "messages", q.calls, 0)
	q.before = func() { quantity(t, "stored events", len(s.logs.events()), 6) }
	s.handle(t, post(t, "2", router(h12), dyno(noon, "b"), router(h12)), post(t, "3", platform("web.1", r15), dyno(noon, h12)))
	quantity(t, "messages", q.calls, 1)
	got := q.reports[0]
	lines, ids := hits(q.reports)
	if diff := cmp.Diff(map[string]int{"H12": 2, "R15": 1}, lines); diff != "" || got.App != "shop" || len(ids) != 2 {
		t.Errorf("%+v (-want +got):\n%s", got, diff)
	}
	if diff := cmp.Diff(map[string]int{"matched": 3, "dropped": 0, "taken": 5, "stored": 5}, s.counts(t, "matched", "dropped", "taken", "stored")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

// Every copy of a message is matched, in whichever process, and its hits have the same IDs: also if its put failed, if it was stored before, or if
// Logplex puts a line in front.
func TestCopiesHaveTheSameIDs(t *testing.T) {
	s := newSystem(t, nil)
	q := s.alerting(t, `{}`)
	frames := []string{router(h12), dyno(noon, "a"), platform("web.1", r15)}
	s.logs.before = throttle(1)
	quantity(t, "failed messages", len(s.handle(t, post(t, "1", frames...))), 1)
	s.logs.before = nil
	s.handle(t, post(t, "1", frames...), post(t, "1", frames...))
	other := s.alerting(t, `{}`)
	s.handle(t, request{frameID: "FRAME-1", messageID: "retried"}.message(t, append([]string{overflow(noon, 3)}, frames...)...))
	_, ids := hits(append(q.reports, other.reports...))
	lines, _ := hits(q.reports)
	if diff := cmp.Diff(map[string]int{"H12": 3, "R15": 3}, lines); diff != "" || len(ids) != 3 {
		t.Errorf("%d IDs, want those of H12, R15 and L10 (-want +got):\n%s", len(ids), diff)
	}
	if diff := cmp.Diff(map[string]int{"matched": 3}, s.counts(t, "matched")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

// Without Logplex's headers, SQS's copies are recognized.
func TestCopiesWithoutAFrameID(t *testing.T) {
	s := newSystem(t, nil)
	q := s.alerting(t, `{}`)
	for _, id := range []string{"1", "1", "2"} {
		s.handle(t, request{messageID: id}.message(t, router(h12)))
	}
	if _, ids := hits(q.reports); len(ids) != 2 {
		t.Errorf("%d IDs of two messages", len(ids))
	}
	// The parts of a request are different messages.
	for _, part := range []string{"1", "2"} {
		m := post(t, "3", router(h12))
		m.Body = strings.Replace(m.Body, `"part":1,"parts":1`, `"part":`+part+`,"parts":2`, 1)
		s.handle(t, m)
	}
	if _, ids := hits(q.reports); len(ids) != 4 {
		t.Errorf("%d IDs of four messages", len(ids))
	}
}

// Lines are stored, and answered as such, when the alerts queue fails or hangs. The metric that raises the operators' alarm counts the batch.
func TestAlertsQueueFails(t *testing.T) {
	for name, fault := range map[string]func(*alertsQueue){
		"an error": func(q *alertsQueue) { q.err = errors.New("gone") },
		"a hang":   func(q *alertsQueue) { q.hang = true },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t, nil)
				q := s.alerting(t, `{"silence": {"quiet": {"after": "1h"}}}`)
				fault(q)
				began := time.Now()
				quantity(t, "failed messages", len(s.handle(t, post(t, "1", router(h12), dyno(noon, "a")))), 0)
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("the batch took %s", took)
				}
				quantity(t, "stored events", len(s.logs.events()), 2)
				quantity(t, "batches counted", s.measured(t)[0][stack.MetricAlertsNotSent], 1)
				if !strings.Contains(s.log.String(), "could not be sent to the alerts queue") {
					t.Errorf("the log says nothing:\n%s", s.log)
				}
				q.err, q.hang = nil, false
				s.handle(t, post(t, "2", platform("web.1", r15)))
				if lines, _ := hits(q.reports); len(lines) != 1 || lines["R15"] != 1 {
					t.Errorf("the next report has %v", lines)
				}
				if all := s.measured(t); len(all) != 1 {
					t.Errorf("the next batch is counted: %v", all)
				}
			})
		})
	}
}

// A hostile batch takes several messages. If one fails, the others are not tried.
func TestReportsOfALargeBatch(t *testing.T) {
	s := newSystem(t, nil)
	q := s.alerting(t, `{}`)
	var frames []string
	for i := range 1_000 {
		frames = append(frames, router(strings.Replace(h12, "path=\"/\"", fmt.Sprintf("path=\"/%s%d\"", strings.Repeat("<", 300), i), 1)))
	}
	messages := request{frameID: "F", messageID: "1"}.messages(t, frames...)
	for i := range 5_000 {
		messages = append(messages, post(t, fmt.Sprint("s", i), router(h12)))
	}
	s.handle(t, messages...)
	if lines, ids := hits(q.reports); lines["H12"] != 6_000 || len(q.reports) < 2 {
		t.Errorf("%d lines in %d reports, %d hits", lines["H12"], len(q.reports), len(ids))
	}
	again := s.alerting(t, `{}`)
	again.err = errors.New("gone")
	s.handle(t, messages...)
	quantity(t, "calls", again.calls, 1)
}

func TestDroppedLinesAreNotStored(t *testing.T) {
	s := newSystem(t, nil)
	q := s.alerting(t, `{"drop": {"noise": {"pattern": "^noise"}, "timeouts": {"status": "503"}}}`)
	m := post(t, "1", dyno(noon, "noise 1"), dyno(noon, "a"), router(h12), dyno(noon, "\x1b[31mnoise\x1b[0m 2"))
	quantity(t, "failed messages", len(s.handle(t, m)), 0)
	if diff := cmp.Diff([]string{prefix + "a", "heroku[router]: " + h12}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"matched": 1, "dropped": 2, "taken": 4, "stored": 2}, s.counts(t, "matched", "dropped", "taken", "stored")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	// A copy is not stored either. A message with nothing else is done.
	quantity(t, "failed messages", len(s.handle(t, m, post(t, "2", dyno(noon, "noise 3")))), 0)
	quantity(t, "stored events", len(s.logs.events()), 2)
	ids := map[string]int{}
	for _, r := range q.reports {
		for _, d := range r.Dropped {
			ids[d.ID] = d.Lines
			if d.Rule != "noise" || d.Kept != 0 {
				t.Errorf("%+v", d)
			}
		}
	}
	if len(ids) != 2 {
		t.Errorf("dropped: %v, want those of two messages", ids)
	}
}

// The drain's settings for the stored line do not change what it matches.
func TestMatchingIsTheSameInAllFormats(t *testing.T) {
	ids := map[string]bool{}
	for _, tags := range []map[string]string{nil, asJSON, stripped} {
		s := newSystem(t, tags)
		q := s.alerting(t, `{}`)
		s.handle(t, post(t, "1", dyno(noon, "\x1b[31mNo\x1b[1mMemoryError\x1b[0m: \xff"), dyno(at(-30*24*time.Hour), "NoMemoryError")))
		lines, of := hits(q.reports)
		if lines["out-of-memory"] != 2 {
			t.Errorf("%v: %v", tags, lines)
		}
		for id := range of {
			ids[id] = true
		}
	}
	quantity(t, "IDs", len(ids), 1)
}

// An L10 line counts only if it is about the drain that it came through.
func TestOverflowOfAnotherDrain(t *testing.T) {
	text := "Error L10 (output buffer overflow): drain '%s' dropped 1 messages since 2026-11-20T11:58:00.323777+00:00."
	for token, want := range map[string]int{"d.own": 1, "d.other": 0} {
		s := newSystem(t, nil)
		q := s.alerting(t, `{}`)
		s.handle(t, request{token: "d.own", frameID: "F", messageID: "1"}.message(t, platform("logplex", fmt.Sprintf(text, token))))
		if lines, _ := hits(q.reports); lines["L10"] != want {
			t.Errorf("%s: %v", token, lines)
		}
	}
}

// brokenMatcher panics at a line.
type brokenMatcher struct{ *alert.Matcher }

func (m brokenMatcher) Line(l *logformat.Line) alert.Verdict {
	if strings.Contains(string(l.Message), "poison") {
		panic("broken")
	}
	return m.Matcher.Line(l)
}

// If matching fails, which it never should, the lines are stored nevertheless.
func TestBrokenMatching(t *testing.T) {
	s := newSystem(t, nil)
	set := alert.Defaults()
	q := s.matching(func(app string) storage.Matcher { return brokenMatcher{set.Matcher(app)} })
	quantity(t, "failed messages", len(s.handle(t, post(t, "1", router(h12), dyno(noon, "poison"), router(h12)), post(t, "2", router(h12)))), 0)
	quantity(t, "stored events", len(s.logs.events()), 4)
	quantity(t, "batches counted", s.measured(t)[0][stack.MetricAlertsNotSent], 1)
	s.handle(t, post(t, "3", router(h12)))
	if lines, _ := hits(q.reports); lines["H12"] != 1 {
		t.Errorf("the next batch has %v", lines)
	}
	if !strings.Contains(s.log.String(), "matching failed") {
		t.Errorf("the log says nothing:\n%s", s.log)
	}
}
