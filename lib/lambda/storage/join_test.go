package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// chunks are the frames that log-shuttle makes of what a process printed: cut every 10,000 bytes, the newline in the last one.
func chunks(when time.Time, process, text string) []string {
	var frames []string
	for piece := range slices.Chunk([]byte(text+"\n"), 10_000) {
		frames = append(frames, frame(syslog(190, when, "app", process, string(piece))))
	}
	return frames
}

// letters is a text of n bytes in which no two places look the same.
func letters(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%d,", i)
	}
	return b.String()[:n]
}

func TestLongLinesAreJoined(t *testing.T) {
	euro := strings.Repeat("€", 8_000)
	web, worker := chunks(noon, "web.1", letters(25_000)), chunks(noon, "worker.1", letters(12_000))
	later := chunks(at(time.Microsecond), "web.1", letters(11_000))
	between := dyno(noon, "between")
	for _, test := range []struct {
		name   string
		frames []string
		want   []string
	}{
		{"in a row", web, []string{prefix + letters(25_000)}},
		{"newline in a chunk of its own", chunks(noon, "web.1", letters(20_000)), []string{prefix + letters(20_000)}},
		{"last chunk full", chunks(noon, "web.1", letters(19_999)), []string{prefix + letters(19_999)}},
		{"a character cut in two", chunks(noon, "web.1", euro), []string{prefix + euro}},
		{"mixed with another process's", []string{web[0], worker[0], web[1], worker[1], web[2]},
			[]string{prefix + letters(25_000), "app[worker.1]: " + letters(12_000)}},
		{"mixed with the same process's of another time", []string{web[0], later[0], web[1], later[1], web[2]},
			[]string{prefix + letters(25_000), prefix + letters(11_000)}},
		{"another line of the same time", append(web[:3:3], dyno(noon, "another")), []string{prefix + letters(25_000), prefix + "another"}},
		{"mixed with short lines", []string{web[0], frame(syslog(45, noon, "heroku", "web.1", "State changed") + "\n"), web[1], web[2]},
			[]string{prefix + letters(25_000), "heroku[web.1]: State changed"}},
		{"a line of 10,000 bytes that ends", []string{frame(syslog(190, noon, "app", "web.1", letters(10_000)) + "\n"), between},
			[]string{prefix + letters(10_000), prefix + "between"}},
		{"the rest is not there", []string{web[0], dyno(at(time.Second), "later")}, []string{prefix + letters(25_000)[:10_000], prefix + "later"}},
		{"no newline, but no chunk", []string{frame(syslog(134, noon, "app", "heroku-postgres", letters(9_999))), frame(syslog(134, noon, "app", "heroku-postgres", "next"))},
			[]string{"app[heroku-postgres]: " + letters(9_999), "app[heroku-postgres]: next"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t, nil)
			s.handle(t, post(t, "1", test.frames...))
			if diff := cmp.Diff(test.want, s.logs.texts()); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChunksOfTwoMessagesStayApart(t *testing.T) {
	web := chunks(noon, "web.1", letters(15_000))
	s := newSystem(t, nil)
	s.handle(t, post(t, "1", web[0]), post(t, "2", web[1]))
	if diff := cmp.Diff([]string{prefix + letters(15_000)[:10_000], prefix + letters(15_000)[10_000:]}, s.logs.texts()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A line that one event cannot hold becomes several of one time; put together again it is whole.
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
			failed := s.handle(t, post(t, "1", chunks(noon, "web.1", test.text)...))
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
					t.Errorf("event %d is of %s", i, e.Time)
				}
				got.WriteString(piece)
			}
			if got.String() != test.want {
				t.Errorf("%d bytes stored, want %d", got.Len(), len(test.want))
			}
			quantity(t, "events", len(s.logs.events()), test.events)
			// An event is as full as it can be, but for a character of three bytes that would have to be cut.
			if first := len(s.logs.texts()[0]); first < min(999_998, len(prefix)+len(test.want)) {
				t.Errorf("the first event has %d bytes", first)
			}
		})
	}
}

// The pieces of a line may go into several puts, of which one fails: then that piece alone is stored when the line comes again.
func TestPieceThatFails(t *testing.T) {
	text := strings.Repeat("\xffa", 340_000)
	m := post(t, "1", chunks(noon, "web.1", text)...)
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
