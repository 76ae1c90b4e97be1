package logplex_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logplex"
)

// TestTrapFramesWithoutNewlines checks that frames are split by byte count, never by newline: L10, Postgres and Redis lines end without one,
// and a Postgres line contains some.
func TestTrapFramesWithoutNewlines(t *testing.T) {
	want := []string{dynoState, overflow, postgres, redis, sql, overflow, dynoState}
	if diff := cmp.Diff(want, pieces(body(want...))); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
	for _, message := range want {
		line := parse(t, message)
		if want := strings.HasSuffix(message, "\n"); line.Newline != want {
			t.Errorf("%q: Newline is %v", message, line.Newline)
		}
	}
	if got := parse(t, sql); string(got.Message) != "[DATABASE] [7-1] duration: 2103 ms  statement: SELECT *\n  FROM carts\n WHERE id = 7" {
		t.Errorf("the SQL was read as %q", got.Message)
	}
}

// TestTrapCountIsBytes checks that nothing is decoded: the count is in bytes, not characters, and log-shuttle splits a long line inside a
// character.
func TestTrapCountIsBytes(t *testing.T) {
	long := strings.Repeat("x", logplex.ChunkSize-1) + "é" + strings.Repeat("y", 20) + "\n"
	head := "<190>1 2024-03-05T14:07:09.123456+00:00 host app web.1 - "
	first, second := head+long[:logplex.ChunkSize], head+long[logplex.ChunkSize:]
	got := pieces(body(dynoLine, first, second, router))
	if diff := cmp.Diff([]string{dynoLine, first, second, router}, got); diff != "" {
		t.Fatalf("frames (-want +got):\n%s", diff)
	}
	a, b := parse(t, got[1]), parse(t, got[2])
	if joined := string(a.Message) + string(b.Message) + "\n"; joined != long {
		t.Error("the chunks do not add up to the line")
	}
	if a.Newline || !b.Newline || !a.Time.Equal(b.Time) || len(a.Message) != logplex.ChunkSize {
		t.Errorf("chunk of %d bytes, newline %v, at %v; next: newline %v, at %v", len(a.Message), a.Newline, a.Time, b.Newline, b.Time)
	}
}

// TestTrapMalformedFrameKeepsNeighbours checks that a malformed frame loses neither its own bytes nor its neighbours.
func TestTrapMalformedFrameKeepsNeighbours(t *testing.T) {
	for _, bad := range []string{
		"garbage", "\x00\xff\n", miscounted(router, 17), "0 " + quota, "-83 x", "99999999999999999999 " + memory, body(redis)[:100], "12",
	} {
		want := []string{dynoState, overflow, "!" + bad, postgres, router}
		if diff := cmp.Diff(want, pieces(body(dynoState, overflow)+bad+body(postgres, router))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", bad, diff)
		}
	}
}

// TestTrapOddFields checks that a PRI above 191, a process with odd characters or an empty message does not make the frame malformed.
func TestTrapOddFields(t *testing.T) {
	const at = "2024-03-05T14:07:09+00:00"
	for _, test := range []struct {
		message               string
		priority              int
		source, process, text string
	}{
		{"<191>1 " + at + " host app web.1 - m\n", 191, "app", "web.1", "m"},
		{"<192>1 " + at + " host app web.1 - m\n", -1, "app", "web.1", "m"},
		{"<999>1 " + at + " host app web.1 - m\n", -1, "app", "web.1", "m"},
		{"<4294967296>1 " + at + " host app web.1 - m\n", -1, "app", "web.1", "m"},
		{"<0>1 " + at + " host app web.1 - m\n", 0, "app", "web.1", "m"},
		{"<190>1 " + at + " host app postgres.1234/é[x]: - m\n", 190, "app", "postgres.1234/é[x]:", "m"},
		{"<190>1 " + at + " host app  - m\n", 190, "app", "", "m"},
		{"<190>1 " + at + " host app web.1 - \n", 190, "app", "web.1", ""},
		{"<190>1 " + at + " host app web.1 - ", 190, "app", "web.1", ""},
		{"<190>1 " + at + " host app web.1 -\n", 190, "app", "web.1", ""},
		{"<190>1 " + at + " host app web.1", 190, "app", "web.1", ""},
		{"<190>1 " + at + " host app web.1 ID47 m", 190, "app", "web.1", "ID47 m"},
		{"<190>1 " + at + " host app web.1 m", 190, "app", "web.1", "m"},
		{"<190>1 " + at + " host app web.1  m", 190, "app", "web.1", " m"},
		{"<40>1 " + at + " host heroku web.1 State changed from starting to up\n", 40, "heroku", "web.1", "State changed from starting to up"},
		{"<190>1 " + at + " shuttle token web.1 - - m\n", 190, "token", "web.1", "m"},
		{"<190>1 " + at + " shop token web.1 - - - m\n", 190, "token", "web.1", "- m"},
		{"<190>1 " + at + " - token web.1 - -\n", 190, "token", "web.1", ""},
		{"<190>1 " + at + " shop token web.1 - -m\n", 190, "token", "web.1", "-m"},
		{"<158>1 " + at + " host heroku router - - at=info\n", 158, "heroku", "router", "at=info"},
		{"<134>1 " + at + " host app heroku-postgres - - source=DATABASE", 134, "app", "heroku-postgres", "source=DATABASE"},
		{"<190>1 " + at + " host app web.1 - - an item of a list\n", 190, "app", "web.1", "- an item of a list"},
		{"<190>1 " + at + " host app web.1 - -\n", 190, "app", "web.1", "-"},
		{"<190>1 " + at + " host app web.1 -   indented  \n", 190, "app", "web.1", "  indented  "},
		{"<190>1 " + at + " host app web.1 - one\n\n", 190, "app", "web.1", "one\n"},
		{"<190>1 " + at + " host app web.1 - \x1b[31m\x00\xff\r\n", 190, "app", "web.1", "\x1b[31m\x00\xff\r"},
	} {
		got := pieces(body(dynoState, test.message, router))
		if diff := cmp.Diff([]string{dynoState, test.message, router}, got); diff != "" {
			t.Errorf("frames (-want +got):\n%s", diff)
			continue
		}
		line := parse(t, got[1])
		if line.Priority != test.priority || string(line.Source) != test.source || string(line.Process) != test.process ||
			string(line.Message) != test.text || line.Time.IsZero() {
			t.Errorf("%q: %d at %v, %q [%q] %q", test.message, line.Priority, line.Time, line.Source, line.Process, line.Message)
		}
	}
}

// TestTrapRouterLineIsRecognizedBySourceAndProcess checks that the text of a router line, with its quoted and empty values, is kept as it is,
// and that Source and Process distinguish it from the same text printed by an app.
func TestTrapRouterLineIsRecognizedBySourceAndProcess(t *testing.T) {
	text := `at=info method=GET path="/?q=\"a b\"&code=H12" host=shop.example.com fwd="" dyno= connect= service= status=503 bytes= protocol=https`
	const head = "<158>1 2024-03-05T14:07:09.200001+00:00 host "
	genuine, forged := parse(t, head+"heroku router - "+text+"\n"), parse(t, head+"app web.1 - "+text+"\n")
	if string(genuine.Source) != "heroku" || string(genuine.Process) != "router" || string(genuine.Message) != text {
		t.Errorf("router line: %q [%q] %q", genuine.Source, genuine.Process, genuine.Message)
	}
	if string(forged.Source) != "app" || string(forged.Process) != "web.1" || !bytes.Equal(forged.Message, genuine.Message) {
		t.Errorf("app line: %q [%q] %q", forged.Source, forged.Process, forged.Message)
	}
}
