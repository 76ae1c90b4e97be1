package logformat_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// content is the exported content of a line, in a comparable form.
type content struct {
	Time, OriginalTime, Host, Priority, Source, Process, Severity, ID, Message string

	NoTime, Moved, Malformed, Continued bool
}

func contentOf(l logformat.Line) content {
	return content{
		Time: l.Time.UTC().String(), OriginalTime: string(l.OriginalTime), Host: string(l.Host), Priority: string(l.Priority), Source: string(l.Source), Process: string(l.Process),
		Severity: l.Severity, ID: l.ID.String(), Message: string(l.Message), NoTime: l.NoTime, Moved: l.Moved, Malformed: l.Malformed, Continued: l.Continued,
	}
}

// inText returns what the text format keeps of a line.
func inText(l logformat.Line) content {
	l.Time, l.Severity, l.ID = l.Time.Truncate(time.Millisecond), "", 0
	if !l.Moved && !l.NoTime || l.Malformed || string(l.OriginalTime) == "-" {
		l.OriginalTime = nil
	}
	l.Moved = l.Moved && !l.NoTime
	return contentOf(l)
}

// inJSON returns what the JSON format keeps of a line.
func inJSON(l logformat.Line) content {
	l.Time = l.Time.Truncate(time.Microsecond)
	if !l.Moved && !l.NoTime || l.Malformed {
		l.OriginalTime = nil
	}
	l.Moved = l.Moved && !l.NoTime
	return contentOf(l)
}

// ambiguous reports whether Read mistakes a part of the line for a part of the text format, as the package documentation lists.
func ambiguous(l logformat.Line) bool {
	switch {
	case bytes.ContainsRune(l.Source, '['):
		return true
	case len(l.Source) == 0 && len(l.Process) == 0:
		return true
	case string(l.Source) == "heroku-drains" && string(l.Process) == "malformed" && !l.Malformed:
		return true
	case !l.Continued && bytes.HasPrefix(l.Message, []byte("[continued] ")):
		return true
	case l.Malformed:
		return false
	}
	timed := l.NoTime || l.Moved
	if marked := timed || len(l.Priority) > 0 || len(l.Host) > 0; marked && !l.Continued && string(l.Message) == "[continued]" {
		return true
	}
	// A mark hides what the message ends with from the search for the marks that come after it.
	return !timed && len(l.Priority) == 0 && len(l.Host) == 0 && timeMark.Match(l.Message) && markedTime(l.Message) ||
		len(l.Priority) == 0 && len(l.Host) == 0 && priorityMark.Match(l.Message) ||
		len(l.Host) == 0 && hostMark.Match(l.Message) && !noHost.Match(l.Message)
}

// What the message of a line without such marks may end with.
var (
	timeMark     = regexp.MustCompile(`(?s) \[(no readable time(: [^ ]+)?|original time [^ ]+)\]$`)
	priorityMark = regexp.MustCompile(` \[priority 0*([2-9][0-9]{2,}|1[0-9]{3,}|19[2-9])\]$`)
	hostMark     = regexp.MustCompile(` \[host [^ ]+\]$`)
	noHost       = regexp.MustCompile(` \[host (host|-)\]$`) // says nothing, and is never written
)

// markedTime reports whether the mark at the end of the message has a time that fits it.
func markedTime(message []byte) bool {
	mark := string(timeMark.Find(message))
	if mark == " [no readable time]" {
		return true
	}
	value := mark[strings.LastIndex(mark, " ")+1 : len(mark)-1]
	_, readable := logplex.ParseTime([]byte(value))
	return readable == strings.HasPrefix(mark, " [original") && value != "-"
}

// checkRoundTrip writes a line in both formats and reads it back.
func checkRoundTrip(t *testing.T, l logformat.Line) {
	t.Helper()
	text := string(logformat.Text().Append(nil, &l))
	back := logformat.Read(text, time.UnixMilli(l.Time.UnixMilli()))
	if want, got := inText(l), contentOf(back); (got == want) == ambiguous(l) {
		t.Errorf("text %q, ambiguous %t (-written +read):\n%s", text, ambiguous(l), cmp.Diff(want, got))
	}
	// The line is printed as it is stored, even if it is ambiguous.
	if printed := printedText(back); printed != text {
		t.Errorf("text %q is printed as %q", text, printed)
	}
	object := string(logformat.JSON().Append(nil, &l))
	if want, got := inJSON(l), contentOf(logformat.Read(object, time.UnixMilli(l.Time.UnixMilli()))); got != want {
		t.Errorf("JSON %s (-written +read):\n%s", object, cmp.Diff(want, got))
	}
}

// printedText returns a line that was read as its text event.
func printedText(l logformat.Line) string {
	if len(l.Source) == 0 && len(l.Process) == 0 {
		return string(l.Message)
	}
	return string(logformat.Text().Append(nil, &l))
}

// FuzzRoundTrip writes each line of a body and reads it back: with its own time, moved to a number of nanoseconds from noon, and in pieces.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte(dyno("hello")), int64(90*time.Minute))
	f.Add([]byte(strings.Join(logplextest.Chunks(noon, "web.1", logplextest.Letters(12_000)), "")), int64(0))
	f.Add([]byte(logplextest.Frame("<999>1 2026-11-20T23:59:60Z shop app web.1 - - x [host a]")), int64(0))
	f.Add([]byte(logplextest.Frame("<190>1 - shuttle token web.1 - - x [priority 192]")), int64(time.Hour))
	f.Add([]byte(logplextest.Frame("<192>1 2026-11-20T12:00:00Z host app web.1 ID47 x [no readable time: then]")), int64(time.Hour))
	f.Add([]byte(dyno("a [host b] [priority 999] [no readable time: 2026-11-20T23:59:60Z]")), int64(0))
	f.Add([]byte(dyno("a [priority 191] [host host] [no readable time: -]")), int64(0))
	f.Fuzz(func(t *testing.T, body []byte, shift int64) {
		event := noon.Add(time.Duration(shift))
		for i, l := range logformat.Lines(body) {
			l.Clean(logformat.KeepANSI)
			if l.ID = logformat.ID(shift * int64(i)); i > 0 { // 0 for the first line
				l.ID = l.ID.At(l.Time)
			}
			moved := l
			moved.Time, moved.Moved = event, true
			if l.NoTime {
				l.Time = event
			}
			for _, l := range []logformat.Line{l, moved} {
				if year := l.Time.Year(); year < 0 || year > 9999 {
					continue // not a time of an event
				}
				checkRoundTrip(t, l)
				if i == 0 && len(l.Message) <= 200 {
					l.Message = bytes.Repeat(l.Message, 100)
					checkPieces(t, l)
				}
			}
		}
	})
}

// checkPieces splits a line in both formats. Each piece must fit and round-trip, and together they must be the line.
func checkPieces(t *testing.T, l logformat.Line) {
	t.Helper()
	const limit = 8_000 // names have room in it, even with JSON's escapes
	for _, f := range []logformat.Format{logformat.Text(), logformat.JSON()} {
		var whole strings.Builder
		n := 0
		for piece := range logformat.Split(f, l, limit) {
			if piece.Continued != (n > 0) {
				t.Errorf("piece %d is continued: %t", n, piece.Continued)
			}
			if size := len(f.Append(nil, &piece)); size > limit {
				t.Errorf("piece %d has %d bytes", n, size)
			}
			checkRoundTrip(t, piece)
			whole.Write(piece.Message)
			n++
		}
		if whole.String() != string(l.Message) {
			t.Errorf("the pieces make %q, want %q", whole.String(), l.Message)
		}
	}
}
