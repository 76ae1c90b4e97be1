package storage_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// Each malformed piece is stored on its own, and the frames around it are not affected.
func TestMalformedPieces(t *testing.T) {
	s := newSystem(t, nil)
	s.handle(t, post(t, "1", "??", dyno(noon, "a"), "12 cut\xff", dyno(noon, "b"), logplextest.Frame("not syslog\n"), logplextest.Frame(logplextest.Line(190, noon, strings.Repeat("s", 300), "web.1", "x")), dyno(noon, "c"), "99 <190>1 too short"))
	want := map[string]bool{
		prefix + "a": true, prefix + "b": true, prefix + "c": true, "heroku-drains[malformed]: ??": true,
		"heroku-drains[malformed]: 12 cut\ufffd": true, "heroku-drains[malformed]: not syslog\n": true,
		"heroku-drains[malformed]: 99 <190>1 too short": true,
		// The source is too long to be Logplex's.
		"heroku-drains[malformed]: " + logplextest.Line(190, noon, strings.Repeat("s", 300), "web.1", "x"): true,
	}
	got := make(map[string]bool)
	for _, text := range s.logs.texts() {
		got[text] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"malformed": 5, "stored": 8}, s.counts(t, "malformed", "stored")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

// White space between frames is counted, and not stored.
func TestBlankPieces(t *testing.T) {
	s := newSystem(t, nil)
	s.handle(t, post(t, "1", "\n", dyno(noon, "a"), "\r\n \t", dyno(noon, "b"), "\n\n"), post(t, "2", "\n"), post(t, "3", logplextest.Frame("\n"), dyno(noon, "c")))
	if diff := cmp.Diff([]string{prefix + "a", prefix + "b", prefix + "c"}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	want := map[string]int{"malformed": 0, "taken": 8, "blank": 5, "stored": 3, "failed": 0}
	if diff := cmp.Diff(want, s.counts(t, "malformed", "taken", "blank", "stored", "failed")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

// The frames of a message are compared with Logplex-Msg-Count, once for each message.
func TestMiscountedMessages(t *testing.T) {
	for name, tt := range map[string]struct {
		count, parts int
		body         string
		want         int
	}{
		"right":             {2, 1, dyno(noon, "a") + dyno(noon, "b"), 0},
		"with a blank":      {2, 1, dyno(noon, "a") + "\n" + dyno(noon, "b"), 0},
		"too few":           {5, 1, dyno(noon, "a") + dyno(noon, "b"), 3},
		"too many":          {1, 1, dyno(noon, "a") + dyno(noon, "b") + dyno(noon, "c"), 2},
		"a malformed frame": {2, 1, dyno(noon, "a") + "12 cut", 1},
		"not sent":          {-1, 1, dyno(noon, "a"), 0},
		"one of two parts":  {9, 2, dyno(noon, "a"), 0},
	} {
		s := newSystem(t, nil)
		sealed, err := envelope.Seal(envelope.Header{App: "shop", FrameID: "F", MsgCount: tt.count, ReceivedAt: noon}, tt.body, false)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(sealed[0], `"parts":1`, fmt.Sprintf(`"parts":%d`, tt.parts), 1)
		m := events.SQSMessage{MessageId: "1", Body: text, EventSourceARN: "arn:aws:sqs:us-east-1:000000000000:APP_shop"}
		s.handle(t, m, m)
		if diff := cmp.Diff(map[string]int{"miscounted": tt.want}, s.counts(t, "miscounted")); diff != "" {
			t.Errorf("%s: summary (-want +got):\n%s", name, diff)
		}
	}
}

func TestChunksOfTwoMessagesStayApart(t *testing.T) {
	web := logplextest.Chunks(noon, "web.1", logplextest.Letters(15_000))
	s := newSystem(t, nil)
	s.handle(t, post(t, "1", web[0]), post(t, "2", web[1]))
	if diff := cmp.Diff([]string{prefix + logplextest.Letters(15_000)[:10_000], prefix + logplextest.Letters(15_000)[10_000:]}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A request that takes several messages is split between lines, so that no line is stored in parts, and no character is cut in two.
func TestLongLineOfALargeRequest(t *testing.T) {
	text := "x" + strings.Repeat("€", 8_000)
	frames, before := []string(nil), 0
	for size := 0; size < envelope.MaxPart-len(text)/2; before++ {
		frames = append(frames, dyno(noon, logplextest.Letters(1_000)))
		size += len(frames[before])
	}
	frames = append(append(frames, logplextest.Chunks(noon, "web.1", text)...), lines(1_000, noon)...)
	messages := request{frameID: "F", messageID: "1"}.messages(t, frames...)
	quantity(t, "messages", len(messages), 2)
	s := newSystem(t, nil)
	quantity(t, "failed messages", len(s.handle(t, messages...)), 0)
	quantity(t, "events", len(s.logs.events()), before+1_001)
	if !slices.Contains(s.logs.texts(), prefix+text) {
		t.Error("the long line is not stored in one piece")
	}
}

// A line that is too long for one event becomes several of the same time, without losing a byte.
func TestLineLongerThanAnEvent(t *testing.T) {
	const continued = "[continued] "
	for _, test := range []struct {
		name       string
		text, want string // as printed, as stored
		events     int
	}{
		{"exactly an event", strings.Repeat("ab\xff", (1_000_000-len(prefix))/5) + "xxx", strings.Repeat("ab\ufffd", (1_000_000-len(prefix))/5) + "xxx", 1},
		{"a byte more", strings.Repeat("ab\xff", (1_000_000-len(prefix))/5) + "xxxx", strings.Repeat("ab\ufffd", (1_000_000-len(prefix))/5) + "xxxx", 2},
		{"far more", "xx" + strings.Repeat("\xffa", 340_000), "xx" + strings.Repeat("\ufffda", 340_000), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t, nil)
			failed := s.handle(t, post(t, "1", logplextest.Chunks(noon, "web.1", test.text)...))
			quantity(t, "failed messages", len(failed), 0)
			var got strings.Builder
			for i, e := range s.logs.events() {
				piece := strings.TrimPrefix(e.Text, prefix)
				if i > 0 {
					if !strings.HasPrefix(piece, continued) {
						t.Errorf("event %d is not marked as continued", i)
					}
					piece = strings.TrimPrefix(piece, continued)
				}
				if !e.Time.Equal(noon) {
					t.Errorf("event %d has the time %s", i, e.Time)
				}
				got.WriteString(piece)
			}
			if got.String() != test.want {
				t.Errorf("%d bytes stored, want %d", got.Len(), len(test.want))
			}
			quantity(t, "events", len(s.logs.events()), test.events)
			// The first event is full, up to a character of three bytes that would have to be cut.
			if first := len(s.logs.texts()[0]); first < min(999_998, len(prefix)+len(test.want)) {
				t.Errorf("the first event has %d bytes", first)
			}
		})
	}
}

// If the pieces of a line take several puts and one fails, only its piece is stored when the line is delivered again.
func TestPieceThatFails(t *testing.T) {
	text := strings.Repeat("\xffa", 340_000)
	m := post(t, "1", logplextest.Chunks(noon, "web.1", text)...)
	s := newSystem(t, nil)
	s.logs.before = throttle(2)
	quantity(t, "failed messages", len(s.handle(t, m)), 1)
	s.logs.before = nil
	quantity(t, "failed messages", len(s.handle(t, m)), 0)
	var got strings.Builder
	for _, piece := range s.logs.texts() {
		got.WriteString(strings.TrimPrefix(strings.TrimPrefix(piece, prefix), "[continued] "))
	}
	if got.String() != strings.ToValidUTF8(text, "\ufffd") {
		t.Errorf("%d bytes stored in %d events, want %d", got.Len(), len(s.logs.texts()), 4*340_000)
	}
}

// A line too long with its fields is stored without them. A line too long even then is stored in pieces, each an object.
func TestLongLinesInJSON(t *testing.T) {
	for _, test := range []struct {
		name, text string
		events     int
		fields     bool
	}{
		{"with its fields", `{"k":"` + strings.Repeat("v", 400_000) + `"}`, 1, true},
		{"without its fields", ` {"k":"` + strings.Repeat("v", 600_000) + `"}`, 1, false},
		{"several events", strings.Repeat("\"\x01é", 130_000), 2, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t, asJSON)
			quantity(t, "failed messages", len(s.handle(t, post(t, "1", logplextest.Chunks(noon, "web.1", test.text)...))), 0)
			var message strings.Builder
			for i, text := range s.logs.texts() {
				o := parse(t, text)
				if _, fields := o["k"]; fields != test.fields {
					t.Errorf("event %d has fields: %t", i, fields)
				}
				if continued, _ := o["continued"].(bool); continued != (i > 0) {
					t.Errorf("event %d is continued: %t", i, continued)
				}
				message.Write(logformat.Read(text, noon).Message)
			}
			if message.String() != test.text {
				t.Errorf("%d bytes stored, want %d", message.Len(), len(test.text))
			}
			quantity(t, "events", len(s.logs.events()), test.events)
		})
	}
}

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	delete(o, "time")
	delete(o, "app")
	delete(o, "severity")
	delete(o, "id")
	return o
}

// The settings, or the line's age, change between the two tries of a message whose line takes several puts. Its new pieces are not mistaken for
// the stored ones, which were cut elsewhere: the whole line is stored, and perhaps a part of it twice.
func TestChangeBetweenPieces(t *testing.T) {
	invalid := strings.Repeat("\xffa", 340_000)
	for name, test := range map[string]struct {
		before, after map[string]string
		when          time.Time
		text          string
	}{
		"JSON, then text":             {asJSON, nil, noon, invalid},
		"text, then JSON":             {nil, asJSON, noon, invalid},
		"only JSON needs pieces":      {asJSON, nil, noon, strings.Repeat("\"\"a", 220_000)},
		"colors, then no colors":      {nil, stripped, noon, strings.Repeat("\x1b[m\xffa\xff", 110_000)},
		"no colors, then colors":      {stripped, nil, noon, strings.Repeat("\x1b[m"+strings.Repeat("\xffa", 10), 28_000)},
		"a time too far ahead":        {asJSON, asJSON, at(2*time.Hour + 3*time.Minute), invalid},
		"a time that becomes too old": {asJSON, asJSON, at(-week + 3*time.Minute), invalid},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSystem(t, test.before)
			s.logs.before = throttle(2)
			m := post(t, "1", logplextest.Chunks(test.when, "web.1", test.text)...)
			quantity(t, "failed messages", len(s.handle(t, m)), 1)
			s.logs.before = nil
			s.queues.tags = test.after
			s.now = s.now.Add(7 * time.Minute)
			quantity(t, "failed messages", len(s.handle(t, m)), 0)
			var got strings.Builder
			for _, text := range s.logs.texts() {
				got.Write(logformat.Read(text, noon).Message)
			}
			want := test.text
			if test.after[drain.TagANSI] == drain.ANSIStrip {
				want = strings.ReplaceAll(want, "\x1b[m", "")
			}
			if !strings.Contains(got.String(), strings.ToValidUTF8(want, "\ufffd")) {
				t.Errorf("a part of the line is lost: %d bytes stored, of a line of %d", got.Len(), len(strings.ToValidUTF8(want, "\ufffd")))
			}
			stored := len(s.logs.events())
			quantity(t, "failed messages", len(s.handle(t, m)), 0)
			quantity(t, "events after another delivery", len(s.logs.events()), stored)
		})
	}
}
