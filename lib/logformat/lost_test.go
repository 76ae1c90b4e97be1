package logformat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

func TestLost(t *testing.T) {
	t.Parallel()
	const (
		own   = "Error L10 (output buffer overflow): 3 messages dropped since 2014-12-08T22:17:05+00:00."
		named = "Error L10 (output buffer overflow): drain 'd.own' dropped 17 messages since 2025-10-22T14:24:56.323777+00:00."
		l12   = "Error L12: 222 messages dropped since 2014-12-08T22:17:05+00:00"
		l13   = "Error L13: 111 messages lost since 2014-12-08T22:17:05+00:00"
	)
	for _, test := range []struct {
		source, process, text, token string
		n                            int
		code                         string
	}{
		{"heroku", "logplex", own, "d.own", 3, "L10"},
		{"heroku", "logplex", own, "", 3, "L10"},
		{"heroku", "logplex", "- " + own, "d.own", 3, "L10"}, // a NILVALUE before the text
		{"heroku", "logplex", named, "d.own", 17, "L10"},
		{"heroku", "logplex", named, "", 17, "L10"},
		{"heroku", "logplex", named, "d.other", 0, ""},
		{"heroku", "logplex", named, "d.ow", 0, ""},
		{"heroku", "logplex", named, "d.own2", 0, ""},
		{"app", "log-shuttle", l12, "d.own", 222, "L12"},
		{"app", "log-shuttle", l13, "d.own", 111, "L13"},

		// A number that cannot be read still says that lines were lost.
		{"heroku", "logplex", "Error L10 (output buffer overflow)", "d.own", 1, "L10"},
		{"heroku", "logplex", "Error L10: many messages dropped", "d.own", 1, "L10"},
		{"heroku", "logplex", "Error L10: -5 messages dropped", "d.own", 1, "L10"},
		{"heroku", "logplex", "Error L10: 0 messages dropped", "d.own", 1, "L10"},
		{"heroku", "logplex", "Error L10: 99999999999999999999999 messages dropped", "d.own", 1_000_000_000, "L10"},
		{"heroku", "logplex", "Error L10: 7", "d.own", 7, "L10"},

		// Forged: a dyno chooses its text, but neither its source nor its process.
		{"app", "web.1", own, "d.own", 0, ""},
		{"app", "logplex", own, "d.own", 0, ""},
		{"heroku", "web.1", own, "d.own", 0, ""},
		{"heroku", "router", own, "d.own", 0, ""},
		{"app", "web.1", l12, "d.own", 0, ""},
		{"heroku", "logplex", "it says " + own, "d.own", 0, ""},

		// Others.
		{"heroku", "logplex", "Error L11 (tail buffer overflow): 5 messages dropped since 2014", "d.own", 0, ""},
		{"heroku", "logplex", l12, "d.own", 0, ""},
		{"app", "log-shuttle", own, "d.own", 0, ""},
		{"heroku", "logplex", "Error L100: 5 messages dropped", "d.own", 0, ""},
	} {
		l := logformat.Line{Source: []byte(test.source), Process: []byte(test.process), Message: []byte(test.text)}
		if n, code := logformat.Lost(&l, test.token); n != test.n || code != test.code {
			t.Errorf("%s[%s]: %s (token %q): %d lines, code %q; want %d, %q", test.source, test.process, test.text, test.token, n, code, test.n, test.code)
		}
	}
}

// What Logplex writes is what is read, also after the journey of a frame.
func TestLostOfOverflow(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, want := range []int{1, 3, 1024, 1_000_000} {
		body := logplex.AppendFrame(nil, logplex.AppendLine(nil, logplex.Overflow(at, want, at.Add(-time.Minute))))
		lines := logformat.Lines(body)
		if n, code := logformat.Lost(&lines[0], "d.own"); n != want || code != logformat.DrainOverflow {
			t.Errorf("%d lines, code %q; want %d", n, code, want)
		}
	}
	malformed := logformat.Line{Source: []byte("heroku"), Process: []byte("logplex"), Message: []byte("Error L10: 5 messages"), Malformed: true}
	if n, _ := logformat.Lost(&malformed, ""); n != 0 {
		t.Error("malformed bytes count as a report")
	}
}

// FuzzLost reads any line. Nobody but Heroku reports lost lines; a report has a number within the limits; and one that Logplex writes about a
// drain has its number, for that drain alone.
func FuzzLost(f *testing.F) {
	for _, text := range []string{
		"Error L10 (output buffer overflow): 3 messages dropped since 2014-12-08T22:17:05+00:00.", "Error L10 (output buffer overflow): drain 'd.own' dropped 17 messages since 2025-10-22T14:24:56.323777+00:00.",
		"Error L12: 222 messages dropped since 2014-12-08T22:17:05+00:00", "- Error L10: 99999999999999999999 messages", "Error L10: drain 'd.own", "\x1b[1mError L13: -1",
	} {
		f.Add("heroku", "logplex", text, "d.own", 3)
		f.Add("app", "log-shuttle", text, "", 222)
		f.Add("app", "web.1", text, "d.own", 1<<40)
	}
	f.Fuzz(func(t *testing.T, source, process, text, token string, count int) {
		l := logformat.Line{Source: []byte(source), Process: []byte(process), Message: []byte(text)}
		n, code := logformat.Lost(&l, token)
		if (n == 0) != (code == "") || n < 0 || n > 1_000_000_000 {
			t.Errorf("%q: %d lines, code %q", text, n, code)
		}
		if writer := l.Writer(); n > 0 && writer != logformat.ByLogplex && writer != logformat.ByShuttle {
			t.Errorf("%s[%s]: %q reports %d lines", source, process, text, n)
		}
		unknown, _ := logformat.Lost(&l, "")
		if n > unknown {
			t.Errorf("%q: %d lines of the drain %q, but %d of an unknown one", text, n, token, unknown)
		}
		if count < 1 || count > 1_000_000_000 || token == "" || strings.Contains(token, "'") {
			return
		}
		report := fmt.Appendf(nil, "Error L10 (output buffer overflow): drain '%s' dropped %d messages since 2025-10-22T14:24:56.323777+00:00.", token, count)
		own := logformat.Line{Source: []byte("heroku"), Process: []byte("logplex"), Message: report}
		if n, code := logformat.Lost(&own, token); n != count || code != logformat.DrainOverflow {
			t.Errorf("%s: %d lines, code %q", report, n, code)
		}
		if n, _ := logformat.Lost(&own, token+"x"); n != 0 {
			t.Errorf("%s: %d lines of another drain", report, n)
		}
	})
}
