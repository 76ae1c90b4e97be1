package logplex_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/logplex"
)

func TestAppendLine(t *testing.T) {
	at := time.Date(2024, 3, 5, 15, 7, 9, 123_450_789, time.FixedZone("CET", 3600))
	line := func(change func(*logplex.Line)) logplex.Line {
		l := logplex.Line{
			Priority: logplex.PriorityDyno, Time: at, Source: []byte("app"), Process: []byte("web.1"), Message: []byte("hello"), Newline: true,
		}
		change(&l)
		return l
	}
	for _, test := range []struct {
		name string
		line logplex.Line
		want string
	}{
		{
			"microseconds, trailing zeros dropped", line(func(*logplex.Line) {}),
			"<190>1 2024-03-05T14:07:09.12345+00:00 host app web.1 - hello\n",
		},
		{
			"whole seconds", line(func(l *logplex.Line) { l.Time = at.Truncate(time.Second) }),
			"<190>1 2024-03-05T14:07:09+00:00 host app web.1 - hello\n",
		},
		{
			"the time as it was sent", line(func(l *logplex.Line) { l.TimeText = []byte("yesterday") }),
			"<190>1 yesterday host app web.1 - hello\n",
		},
		{"no time", line(func(l *logplex.Line) { l.Time = time.Time{} }), "<190>1 - host app web.1 - hello\n"},
		{
			"no newline", line(func(l *logplex.Line) { l.Newline = false }),
			"<190>1 2024-03-05T14:07:09.12345+00:00 host app web.1 - hello",
		},
		{
			"no text", line(func(l *logplex.Line) { l.Message = nil }),
			"<190>1 2024-03-05T14:07:09.12345+00:00 host app web.1 - \n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff("5 "+test.want, string(logplex.AppendLine([]byte("5 "), test.line))); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAppendLineWritesWhatHerokuSent(t *testing.T) {
	for _, sample := range samples {
		if diff := cmp.Diff(sample, string(logplex.AppendLine(nil, parse(t, sample)))); diff != "" {
			t.Errorf("line (-sent +written):\n%s", diff)
		}
	}
}

// FuzzAppendLine reads back every line that is written.
func FuzzAppendLine(f *testing.F) {
	const span = 1900 * 365 * 24 * 3600 * 1e6 // microseconds: on either side of 1970 they stay within the years of RFC 3339
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).UnixMicro()
	f.Add(uint8(logplex.PriorityDyno), noon+123_456, "app", "web.1", "Started GET \"/caf\xc3\xa9\"", true)
	f.Add(uint8(logplex.PriorityAddon), noon, "app", "heroku-postgres", "source=DATABASE sample#tables=13", false)
	f.Add(uint8(0), int64(-1), "", "", "", true)
	f.Fuzz(func(t *testing.T, priority uint8, micros int64, source, process, message string, newline bool) {
		if !readBack(priority, source, process, message, newline) {
			t.Skip("documented as not read back")
		}
		want := logplex.Line{
			Priority: int(priority), Time: time.UnixMicro(micros % span).UTC(),
			Source: []byte(source), Process: []byte(process), Message: []byte(message), Newline: newline,
		}
		written := logplex.AppendLine(nil, want)
		got, ok := logplex.ParseLine(written)
		if !ok {
			t.Fatalf("%q is not a line", written)
		}
		if text := string(got.TimeText); text != want.Time.Format(logplex.TimeLayout) {
			t.Errorf("%q: the time is %q", written, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(logplex.Line{}, "TimeText")); diff != "" {
			t.Errorf("%q (-written +read):\n%s", written, diff)
		}
		for frame := range logplex.Frames(logplex.AppendFrame(nil, written)) {
			if frame.Malformed || !bytes.Equal(frame.Message, written) {
				t.Errorf("%q is read as %q, malformed: %t", written, frame.Message, frame.Malformed)
			}
		}
	})
}

// readBack reports whether AppendLine promises that the line can be read back.
func readBack(priority uint8, source, process, message string, newline bool) bool {
	return priority <= 191 && !strings.Contains(source+process, " ") && (newline || !strings.HasSuffix(message, "\n"))
}

func TestOverflow(t *testing.T) {
	at := time.Date(2026, 11, 22, 13, 0, 9, 999_999_999, time.FixedZone("CET", 3600))
	written := logplex.AppendLine(nil, logplex.Overflow(at, 3, at.Add(-time.Minute)))
	want := "<172>1 2026-11-22T12:00:09+00:00 host heroku logplex - Error L10 (output buffer overflow): " +
		"3 messages dropped since 2026-11-22T11:59:09+00:00."
	if diff := cmp.Diff(want, string(written)); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}

func TestIsOverflow(t *testing.T) {
	now := time.Now()
	const text = "Error L10 (output buffer overflow): drain 'd.1' dropped 1 messages since 2025-10-22T14:24:56.323777+00:00.\n"
	for message, want := range map[string]bool{
		overflow: true,
		string(logplex.AppendLine(nil, logplex.Overflow(now, 3, now))):           true,
		"<172>1 2025-10-22T14:24:57+00:00 host heroku logplex - " + text:         true,
		"<172>1 2025-10-22T14:24:57+00:00 host app logplex - " + text:            false,
		"<172>1 2025-10-22T14:24:57+00:00 host heroku web.1 - " + text:           false,
		"<172>1 2025-10-22T14:24:57+00:00 host heroku logplex - at=info " + text: false,
		router: false,
		"<172>1 2025-10-22T14:24:57.123456+00:00 heroku app log-shuttle - - Error L12: 222 messages dropped since 2025-10-22T14:24:50.000000+00:00\n": true,
		"<172>1 2025-10-22T14:24:57.123456+00:00 host app log-shuttle - Error L13: 111 messages lost since 2025-10-22T14:24:50.000000+00:00\n":        true,
		"<172>1 2025-10-22T14:24:57.123456+00:00 host app log-shuttle - Error L14: something else\n":                                                  false,
		"<172>1 2025-10-22T14:24:57.123456+00:00 host app web.1 - Error L12: 222 messages dropped since 2025-10-22T14:24:50.000000+00:00\n":           false,
	} {
		if got := parse(t, message).IsOverflow(); got != want {
			t.Errorf("%q: IsOverflow is %t", message, got)
		}
	}
}
