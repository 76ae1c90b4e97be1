package logformat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// prefix begins the lines of web.1 in the text format.
const prefix = "app[web.1]: "

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func frame(message string) string { return string(logplex.AppendFrame(nil, []byte(message))) }

// syslog returns a line without a newline at its end.
func syslog(priority int, at time.Time, source, process, text string) string {
	return string(logplex.AppendLine(nil, logplex.Line{
		Priority: priority, TimeText: []byte(at.Format("2006-01-02T15:04:05.000000-07:00")),
		Source: []byte(source), Process: []byte(process), Message: []byte(text),
	}))
}

// dyno returns the frame of a line that a web dyno printed.
func dyno(text string) string { return frame(syslog(190, noon, "app", "web.1", text) + "\n") }

// chunks returns the frames that log-shuttle makes of what a process printed: cut every 10,000 bytes, with the newline in the last one.
func chunks(at time.Time, process, text string) []string {
	var frames []string
	for piece := range slices.Chunk([]byte(text+"\n"), 10_000) {
		frames = append(frames, frame(syslog(190, at, "app", process, string(piece))))
	}
	return frames
}

// letters returns a text of n bytes that does not repeat itself.
func letters(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%d,", i)
	}
	return b.String()[:n]
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
		"router":          {frame(syslog(158, noon, "heroku", "router", `path="/"`)), `heroku[router]: path="/"`},
		"empty":           {dyno(""), "app[web.1]: "},
		"invalid UTF-8":   {dyno("a\xff\xfeb"), "app[web.1]: a\ufffdb"},
		"not a frame":     {"12 cut\xff", "heroku-drains[malformed]: 12 cut\ufffd"},
		"not a line":      {frame("not syslog\n"), "heroku-drains[malformed]: not syslog\n"},
		"unreadable time": {frame("<190>1 yesterday host app web.1 - x\n"), "app[web.1]: x [no readable time: yesterday]"},
		"leap second":     {frame("<190>1 2026-11-20T23:59:60Z host app web.1 - x\n"), "app[web.1]: x [no readable time: 2026-11-20T23:59:60Z]"},
		"no time":         {frame("<190>1 - host app web.1 - x\n"), "app[web.1]: x [no readable time]"},
		"comma fraction":  {frame("<190>1 2026-11-20T12:00:00,123Z host app web.1 - x\n"), "app[web.1]: x [no readable time: 2026-11-20T12:00:00,123Z]"},
		"no message ID":   {frame("<40>1 2026-11-20T12:00:00Z host heroku web.1 State changed\n"), "heroku[web.1]: State changed"},
		"a message ID":    {frame("<190>1 2026-11-20T12:00:00Z host app web.1 ID47 x\n"), "app[web.1]: ID47 x"},
		"log-shuttle":     {frame("<190>1 2026-11-20T12:00:00Z shop app web.1 - - x\n"), "app[web.1]: x [host shop]"},
		"odd priority":    {frame("<192>1 2026-11-20T12:00:00Z host app web.1 - x\n"), "app[web.1]: x [priority 192]"},
		"all at once":     {frame("<999>1 then ip-10-1 app web.1 ID47 x\n"), "app[web.1]: ID47 x [host ip-10-1] [priority 999] [no readable time: then]"},
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
		"source":           {syslog(190, noon, longest, "web.1", "x"), false},
		"process":          {syslog(190, noon, "app", longest, "x"), false},
		"time":             {"<190>1 " + longest + " host app web.1 - x", false},
		"too long source":  {syslog(190, noon, tooLong, "web.1", "x"), true},
		"too long process": {syslog(190, noon, "app", tooLong, "x"), true},
		"too long time":    {"<190>1 " + stamp + tooLong + " host app web.1 - x", true},
	} {
		lines := logformat.Lines([]byte(frame(tt.line)))
		if len(lines) != 1 || lines[0].Malformed != tt.want || tt.want && string(lines[0].Message) != tt.line {
			t.Errorf("%s: %+v", name, lines)
		}
	}
}
