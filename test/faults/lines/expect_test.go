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
			if diff := cmp.Diff(test.want, lines.Expect(lines.Text, messages, now)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExpectJSON(t *testing.T) {
	const id = `"id":"AAAAAAAAAcg",` // with the microseconds 456
	for stored, message := range map[string]string{
		`{"source":"app","process":"web.1",` + id + `"message":"\"hello\""}`: "<190>1 2026-11-20T12:00:00.123456+00:00 host app web.1 - \"hello\"\n",
		`{"source":"app","process":"web.1","severity":"notice","time":"2026-11-20T12:00:00.123456Z","syslog_host":"a","id":"AAAAAAAAAAE","message":"x"}`: "<45>1 " +
			"2026-11-20T12:00:00.123456+00:00 a app web.1 - - x\n",
		`{"source":"heroku","process":"router",` + id + `"at":"error","desc":"a b","method":"GET","path":"/<1>","connect":1,"service":2,"status":503}`: "<158>1 " +
			`2026-11-20T12:00:00.123456+00:00 host heroku router - at=error desc="a b" method=GET path="/<1>" connect=1ms service=2ms status=503` + "\n",
		`{"source":"app","process":"heroku-redis",` + id + `"addon":"a","hit-rate":0.990,"data":{"source":"REDIS"}}`: "<190>1 2026-11-20T12:00:00.123456+00:00 host " +
			"app heroku-redis - source=REDIS addon=a sample#hit-rate=0.990",
		`{"source":"app","process":"web.1",` + id + `"a":1.50,"data":{"time":1,"message":"<m>"},"b":[]}`: "<190>1 2026-11-20T12:00:00.123456+00:00 host app web.1 - " +
			`{"a":1.50,"time":1,"message":"<m>","b":[]}` + "\n",
	} {
		got := lines.Expect(lines.JSON, [][]byte{[]byte(message)}, now)
		want := []lines.Event{{Text: lines.Canonical(lines.JSON, stored), Time: millis, Messages: []int{0}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: events (-want +got):\n%s", stored, diff)
		}
		for part, other := range map[string]string{`"process":"`: `"process":"x`, `"AAAAAAAAAcg"`: `"AAAAAAAAAcA"`, `"message":"`: `"message":"x`, `:1`: `:2`} {
			if changed := strings.Replace(stored, part, other, 1); changed != stored && lines.Canonical(lines.JSON, stored) == lines.Canonical(lines.JSON, changed) {
				t.Errorf("%s is the same as %s", changed, stored)
			}
		}
	}
}
