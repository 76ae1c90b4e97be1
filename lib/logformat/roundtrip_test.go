package logformat_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// content is the exported content of a line, in a comparable form.
type content struct {
	Time, OriginalTime, Source, Process, Severity, Message string
	NoTime, Moved, Malformed, Continued                    bool
}

func contentOf(l logformat.Line) content {
	return content{
		Time: l.Time.UTC().String(), OriginalTime: string(l.OriginalTime), Source: string(l.Source), Process: string(l.Process),
		Severity: l.Severity, Message: string(l.Message), NoTime: l.NoTime, Moved: l.Moved, Malformed: l.Malformed, Continued: l.Continued,
	}
}

// inText returns what the text format keeps of a line.
func inText(l logformat.Line) content {
	l.Time, l.Severity = l.Time.Truncate(time.Millisecond), ""
	if !l.Moved || l.NoTime {
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
	case l.Malformed || l.NoTime || l.Moved:
		return false
	}
	if bytes.HasSuffix(l.Message, []byte(" [no readable time]")) {
		return true
	}
	_, original, found := lastCut(l.Message, " [original time ")
	_, readable := logplex.ParseTime(bytes.TrimSuffix(original, []byte("]")))
	return found && readable && bytes.HasSuffix(original, []byte("]"))
}

func lastCut(text []byte, mark string) (before, after []byte, found bool) {
	at := bytes.LastIndex(text, []byte(mark))
	if at < 0 {
		return text, nil, false
	}
	return text[:at], text[at+len(mark):], true
}

// checkRoundTrip writes a line in both formats and reads it back.
func checkRoundTrip(t *testing.T, l logformat.Line) {
	t.Helper()
	text := string(logformat.Text().Append(nil, &l))
	back := logformat.Read(text, time.UnixMilli(l.Time.UnixMilli()))
	if want, got := inText(l), contentOf(back); (got == want) == ambiguous(l) && !bytes.HasPrefix(l.Source, []byte("{")) {
		t.Errorf("text %q, ambiguous %t (-written +read):\n%s", text, ambiguous(l), cmp.Diff(want, got))
	}
	// The line is printed as it is stored, even if it is ambiguous.
	if printed := printedText(back); printed != text {
		t.Errorf("text %q is printed as %q", text, printed)
	}
	object := string(logformat.JSON("shop").Append(nil, &l))
	if want, got := inJSON(l), contentOf(logformat.Read(object, time.Time{})); got != want {
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
	f.Add([]byte(strings.Join(chunks(noon, "web.1", letters(12_000)), "")), int64(0))
	f.Fuzz(func(t *testing.T, body []byte, shift int64) {
		event := noon.Add(time.Duration(shift))
		for i, l := range logformat.Lines(body) {
			l.Clean(logformat.KeepANSI)
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
	for _, f := range []logformat.Format{logformat.Text(), logformat.JSON("shop")} {
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
