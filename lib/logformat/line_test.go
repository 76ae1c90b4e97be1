package logformat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// prefix begins the lines of web.1 in the text format.
const prefix = "app[web.1]: "

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// dyno returns the frame of a line that a web dyno printed.
func dyno(text string) string {
	return logplextest.Frame(logplextest.Line(190, noon, "app", "web.1", text) + "\n")
}

// texts returns the lines of a body in a format.
func texts(f logformat.Format, ansi logformat.ANSI, frames ...string) []string {
	var all []string
	for _, l := range logformat.Lines([]byte(strings.Join(frames, ""))) {
		l.Clean(ansi)
		all = append(all, string(f.Append(nil, &l)))
	}
	return all
}

func TestTextFormat(t *testing.T) {
	for name, tt := range map[string]struct {
		frame, want string
	}{
		"dyno":            {dyno("hello \x00"), "app[web.1]: hello \x00"},
		"router":          {logplextest.Frame(logplextest.Line(158, noon, "heroku", "router", `path="/"`)), `heroku[router]: path="/"`},
		"empty":           {dyno(""), "app[web.1]: "},
		"invalid UTF-8":   {dyno("a\xff\xfeb"), "app[web.1]: a\ufffdb"},
		"not a frame":     {"12 cut\xff", "heroku-drains[malformed]: 12 cut\ufffd"},
		"not a line":      {logplextest.Frame("not syslog\n"), "heroku-drains[malformed]: not syslog\n"},
		"unreadable time": {logplextest.Frame("<190>1 yesterday host app web.1 - x\n"), "app[web.1]: x [no readable time: yesterday]"},
		"leap second":     {logplextest.Frame("<190>1 2026-11-20T23:59:60Z host app web.1 - x\n"), "app[web.1]: x [no readable time: 2026-11-20T23:59:60Z]"},
		"no time":         {logplextest.Frame("<190>1 - host app web.1 - x\n"), "app[web.1]: x [no readable time]"},
		"comma fraction":  {logplextest.Frame("<190>1 2026-11-20T12:00:00,123Z host app web.1 - x\n"), "app[web.1]: x [no readable time: 2026-11-20T12:00:00,123Z]"},
		"no message ID":   {logplextest.Frame("<40>1 2026-11-20T12:00:00Z host heroku web.1 State changed\n"), "heroku[web.1]: State changed"},
		"a message ID":    {logplextest.Frame("<190>1 2026-11-20T12:00:00Z host app web.1 ID47 x\n"), "app[web.1]: ID47 x"},
		"log-shuttle":     {logplextest.Frame("<190>1 2026-11-20T12:00:00Z shop app web.1 - - x\n"), "app[web.1]: x [host shop]"},
		"odd priority":    {logplextest.Frame("<192>1 2026-11-20T12:00:00Z host app web.1 - x\n"), "app[web.1]: x [priority 192]"},
		"all at once":     {logplextest.Frame("<999>1 then ip-10-1 app web.1 ID47 x\n"), "app[web.1]: ID47 x [host ip-10-1] [priority 999] [no readable time: then]"},
	} {
		if diff := cmp.Diff([]string{tt.want}, texts(logformat.Text(), logformat.KeepANSI, tt.frame)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A line with a far too long name or time is malformed, because an event needs room for the message.
func TestLongNames(t *testing.T) {
	longest, tooLong := strings.Repeat("n", 256), strings.Repeat("n", 257)
	stamp := noon.Format(time.RFC3339)
	for name, tt := range map[string]struct {
		line string
		want bool
	}{
		"source":           {logplextest.Line(190, noon, longest, "web.1", "x"), false},
		"process":          {logplextest.Line(190, noon, "app", longest, "x"), false},
		"time":             {"<190>1 " + longest + " host app web.1 - x", false},
		"too long source":  {logplextest.Line(190, noon, tooLong, "web.1", "x"), true},
		"too long process": {logplextest.Line(190, noon, "app", tooLong, "x"), true},
		"too long time":    {"<190>1 " + stamp + tooLong + " host app web.1 - x", true},
	} {
		lines := logformat.Lines([]byte(logplextest.Frame(tt.line)))
		if len(lines) != 1 || lines[0].Malformed != tt.want || tt.want && string(lines[0].Message) != tt.line {
			t.Errorf("%s: %+v", name, lines)
		}
	}
}
