package lines_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/test/faults/lines"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// millis is the time of a line that says 12:00:00.123456.
const millis = 1795176000123

func line(rest string) string { return "<190>1 2026-11-20T12:00:00.123456+00:00 " + rest }

// What the text format makes of each peculiarity is stated by hand.
func TestExpectText(t *testing.T) {
	chunk := strings.Repeat("x", lines.ChunkSize-1)
	for _, test := range []struct {
		name     string
		messages []string
		want     []lines.Event
	}{
		{"a dyno's line", []string{line("host app web.1 - hello\n")}, []lines.Event{{Text: "app[web.1]: hello", Time: millis, Messages: []int{0}}}},
		{"without a newline", []string{line("host app heroku-redis - x=1")}, []lines.Event{{Text: "app[heroku-redis]: x=1", Time: millis, Messages: []int{0}}}},
		{"an empty one", []string{line("host app web.1 - \n")}, []lines.Event{{Text: "app[web.1]: ", Time: millis, Messages: []int{0}}}},
		{"a list", []string{line("host app web.1 - - x\n")}, []lines.Event{{Text: "app[web.1]: - x", Time: millis, Messages: []int{0}}}},
		{"of a Private Space", []string{line("shop app web.1 - - x\n")}, []lines.Event{{Text: "app[web.1]: x [host shop]", Time: millis, Messages: []int{0}}}},
		{"not UTF-8", []string{line("host app web.1 - a\xff\xfeb\xe2\x82\n")}, []lines.Event{{Text: "app[web.1]: a\uFFFDb\uFFFD", Time: millis, Messages: []int{0}}}},
		{"a priority", []string{"<999>1 2026-11-20T12:00:00.123456+00:00 host app web.1 - x\n"}, []lines.Event{{Text: "app[web.1]: x [priority 999]", Time: millis, Messages: []int{0}}}},
		{"no time", []string{"<190>1 - host app web.1 - x\n"}, []lines.Event{{Text: "app[web.1]: x [no readable time]", Messages: []int{0}}}},
		{"an old time", []string{"<190>1 2026-11-01T12:00:00.5+00:00 host app web.1 - x\n"}, []lines.Event{{Text: "app[web.1]: x [original time 2026-11-01T12:00:00.5+00:00]", Messages: []int{0}}}},
		{"chunks, with another line between them", []string{line("host app web.1 - " + chunk + "\xe2"), line("host app web.2 - y\n"), line("host app web.1 - \x82\xac\n")}, []lines.Event{
			{Text: "app[web.1]: " + chunk + "€", Time: millis, Messages: []int{0, 2}}, {Text: "app[web.2]: y", Time: millis, Messages: []int{1}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var messages [][]byte
			for _, m := range test.messages {
				messages = append(messages, []byte(m))
			}
			if diff := cmp.Diff(test.want, lines.Expect(lines.Text, "shop", messages, now)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExpectJSON(t *testing.T) {
	got := lines.Expect(lines.JSON, "shop", [][]byte{[]byte(line("host app web.1 - \"hello\"\n"))}, now)
	stored := `{"time":"2026-11-20T12:00:00.123456Z","app":"shop","id":"x","source":"app","process":"web.1","severity":"info","message":"\"hello\"","data":{}}`
	want := []lines.Event{{Text: lines.Canonical(lines.JSON, stored), Time: millis, Messages: []int{0}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if lines.Canonical(lines.JSON, stored) == lines.Canonical(lines.JSON, strings.Replace(stored, "web.1", "web.2", 1)) {
		t.Error("another process makes no difference")
	}
}
