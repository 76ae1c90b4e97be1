package logformat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
)

// addon returns the frame of a line of an add-on's, whose times are whole seconds, and which ends without a newline.
func addon(process, text string) string {
	return frame("<134>1 2026-11-20T12:00:00+00:00 host app " + process + " - " + text)
}

func TestLongLinesAreJoined(t *testing.T) {
	euro := strings.Repeat("€", 8_000)
	web, worker := chunks(noon, "web.1", letters(25_000)), chunks(noon, "worker.1", letters(12_000))
	later := chunks(noon.Add(time.Microsecond), "web.1", letters(11_000))
	between := dyno("between")
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
		{"another line of the same time", append(web[:3:3], dyno("another")), []string{prefix + letters(25_000), prefix + "another"}},
		{"mixed with short lines", []string{web[0], frame(syslog(45, noon, "heroku", "web.1", "State changed") + "\n"), web[1], web[2]},
			[]string{prefix + letters(25_000), "heroku[web.1]: State changed"}},
		{"a line of 10,000 bytes that ends", []string{frame(syslog(190, noon, "app", "web.1", letters(10_000)) + "\n"), between},
			[]string{prefix + letters(10_000), prefix + "between"}},
		{"the rest is missing", []string{web[0], frame(syslog(190, noon.Add(time.Second), "app", "web.1", "later") + "\n")}, []string{prefix + letters(25_000)[:10_000], prefix + "later"}},
		{"no newline, but shorter than a chunk", []string{frame(syslog(134, noon, "app", "heroku-postgres", letters(9_999))), frame(syslog(134, noon, "app", "heroku-postgres", "next"))},
			[]string{"app[heroku-postgres]: " + letters(9_999), "app[heroku-postgres]: next"}},
		// An add-on's line of exactly 10,000 bytes is not a chunk: it has whole seconds, and the next line is another one.
		{"an add-on's line as long as a chunk", []string{addon("postgres.123", letters(10_000)), addon("postgres.123", "next")},
			[]string{"app[postgres.123]: " + letters(10_000), "app[postgres.123]: next"}},
		{"with a fraction of a second", []string{frame(syslog(134, noon, "app", "heroku-postgres", letters(10_000))), frame(syslog(134, noon, "app", "heroku-postgres", "next"))},
			[]string{"app[heroku-postgres]: " + letters(10_000), "app[heroku-postgres]: next"}},
		{"the platform's line as long as a chunk", []string{frame(syslog(45, noon, "heroku", "web.1", letters(10_000))), frame(syslog(45, noon, "heroku", "web.1", "next"))},
			[]string{"heroku[web.1]: " + letters(10_000), "heroku[web.1]: next"}},
		{"a one-off dyno's", chunks(noon, "run.4711", letters(12_000)), []string{"app[run.4711]: " + letters(12_000)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, texts(logformat.Text(), logformat.KeepANSI, test.frames...)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

// Reset forgets the previous body, even if its last line was incomplete.
func TestJoinerReset(t *testing.T) {
	var j logformat.Joiner
	add := func(frames ...string) (texts []string) {
		j.Reset()
		for f := range logplex.Frames([]byte(strings.Join(frames, ""))) {
			j.Add(logformat.Parse(f))
		}
		for _, l := range j.Lines() {
			texts = append(texts, string(l.Message))
		}
		return texts
	}
	web := chunks(noon, "web.1", letters(15_000))
	for _, half := range []struct{ frame, want string }{{web[0], letters(15_000)[:10_000]}, {web[1], letters(15_000)[10_000:]}} {
		if diff := cmp.Diff([]string{half.want}, add(half.frame)); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	}
}
