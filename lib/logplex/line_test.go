package logplex_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logplex"
)

func parse(t *testing.T, message string) logplex.Line {
	t.Helper()
	line, ok := logplex.ParseLine([]byte(message))
	if !ok {
		t.Fatalf("%q is not a line", message)
	}
	return line
}

func TestParseLine(t *testing.T) {
	want := logplex.Line{
		Priority: 190,
		Time:     time.Date(2024, 3, 5, 14, 7, 9, 123_456_000, time.UTC),
		TimeText: []byte("2024-03-05T14:07:09.123456+00:00"),
		Source:   []byte("app"),
		Process:  []byte("web.1"),
		Message:  []byte("\x1b[32mStarted\x1b[0m GET \"/café\" for 203.0.113.9"),
		Newline:  true,
	}
	if diff := cmp.Diff(want, parse(t, dynoLine)); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}

func TestParseLineOfEachKind(t *testing.T) {
	for _, test := range []struct{ message, source, process, severity string }{
		{dynoState, "app", "web.3", "emerg"},
		{router, "heroku", "router", "info"},
		{memory, "heroku", "web.1", "notice"},
		{postgres, "app", "heroku-postgres", "info"},
		{redis, "app", "heroku-redis", "info"},
		{overflow, "heroku", "logplex", "warning"},
		{release, "app", "api", "info"},
	} {
		line := parse(t, test.message)
		if string(line.Source) != test.source || string(line.Process) != test.process || line.Severity() != test.severity {
			t.Errorf("%q: %s[%s] %s", test.message, line.Source, line.Process, line.Severity())
		}
	}
}

func TestParseLineRejects(t *testing.T) {
	for _, message := range []string{
		"", "\n", "hello", "<", "<190", "<190>", "<190>1", "<190>1 ", "<>1 x x x x", "<a>1 x x x x", "<190>2 x x x x", " <190>1 x x x x", "190>1 x x x x",
		"<190>1 2024-03-05T14:07:09+00:00", "<190>1 2024-03-05T14:07:09+00:00 host", "<190>1 2024-03-05T14:07:09+00:00 host app",
		"<12345678901>1 2024-03-05T14:07:09+00:00 host app web.1 - m",
	} {
		if line, ok := logplex.ParseLine([]byte(message)); ok {
			t.Errorf("%q was parsed as a line: %+v", message, line)
		}
	}
}

// HOST and PRI are kept if they are not what Logplex always writes, or what Priority says.
func TestParseLineKeepsOddHeaders(t *testing.T) {
	for message, want := range map[string][2]string{
		"<190>1 2024-03-05T14:07:09Z host app web.1 - m":         {"", ""},
		"<191>1 2024-03-05T14:07:09Z - app web.1 - m":            {"", ""},
		"<192>1 2024-03-05T14:07:09Z shop app web.1 - m":         {"shop", "192"},
		"<0000000999>1 yesterday ip-10-0-1-2 app web.1 - - m":    {"ip-10-0-1-2", "0000000999"},
		"<4294967296>1 2024-03-05T14:07:09Z hosts app web.1 - m": {"hosts", "4294967296"},
	} {
		line := parse(t, message)
		if got := [2]string{string(line.Host), string(line.PriorityText)}; got != want || (line.Priority < 0) != (want[1] != "") {
			t.Errorf("%q: host and PRI are %q, want %q", message, got, want)
		}
	}
}

func TestSeverity(t *testing.T) {
	want := []string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}
	for priority := range 192 {
		if got := (logplex.Line{Priority: priority}).Severity(); got != want[priority%8] {
			t.Errorf("priority %d is %q", priority, got)
		}
	}
	for _, priority := range []int{-1, 192} {
		if got := (logplex.Line{Priority: priority}).Severity(); got != "" {
			t.Errorf("priority %d is %q", priority, got)
		}
	}
}
