package logformat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// addon returns the frame of a line of an add-on's, whose times are whole seconds, and which ends without a newline.
func addon(process, text string) string {
	return logplextest.Frame("<134>1 2026-11-20T12:00:00+00:00 host app " + process + " - " + text)
}

func TestLongLinesAreJoined(t *testing.T) {
	euro := strings.Repeat("€", 8_000)
	web, worker := logplextest.Chunks(noon, "web.1", logplextest.Letters(25_000)), logplextest.Chunks(noon, "worker.1", logplextest.Letters(12_000))
	later := logplextest.Chunks(noon.Add(time.Microsecond), "web.1", logplextest.Letters(11_000))
	between := dyno("between")
	for _, test := range []struct {
		name   string
		frames []string
		want   []string
	}{
		{"in a row", web, []string{prefix + logplextest.Letters(25_000)}},
		{"newline in a chunk of its own", logplextest.Chunks(noon, "web.1", logplextest.Letters(20_000)), []string{prefix + logplextest.Letters(20_000)}},
		{"last chunk full", logplextest.Chunks(noon, "web.1", logplextest.Letters(19_999)), []string{prefix + logplextest.Letters(19_999)}},
		{"a character cut in two", logplextest.Chunks(noon, "web.1", euro), []string{prefix + euro}},
		{"mixed with another process's", []string{web[0], worker[0], web[1], worker[1], web[2]},
			[]string{prefix + logplextest.Letters(25_000), "app[worker.1]: " + logplextest.Letters(12_000)}},
		{"mixed with the same process's of another time", []string{web[0], later[0], web[1], later[1], web[2]},
			[]string{prefix + logplextest.Letters(25_000), prefix + logplextest.Letters(11_000)}},
		{"another line of the same time", append(web[:3:3], dyno("another")), []string{prefix + logplextest.Letters(25_000), prefix + "another"}},
		{"mixed with short lines", []string{web[0], logplextest.Frame(logplextest.Line(45, noon, "heroku", "web.1", "State changed") + "\n"), web[1], web[2]},
			[]string{prefix + logplextest.Letters(25_000), "heroku[web.1]: State changed"}},
		{"a line of 10,000 bytes that ends", []string{logplextest.Frame(logplextest.Line(190, noon, "app", "web.1", logplextest.Letters(10_000)) + "\n"), between},
			[]string{prefix + logplextest.Letters(10_000), prefix + "between"}},
		{"the rest is missing", []string{web[0], logplextest.Frame(logplextest.Line(190, noon.Add(time.Second), "app", "web.1", "later") + "\n")}, []string{prefix + logplextest.Letters(25_000)[:10_000], prefix + "later"}},
		{"no newline, but shorter than a chunk", []string{logplextest.Frame(logplextest.Line(134, noon, "app", "heroku-postgres", logplextest.Letters(9_999))), logplextest.Frame(logplextest.Line(134, noon, "app", "heroku-postgres", "next"))},
			[]string{"app[heroku-postgres]: " + logplextest.Letters(9_999), "app[heroku-postgres]: next"}},
		// An add-on's line of exactly 10,000 bytes is not a chunk: it has whole seconds, and the next line is another one.
		{"an add-on's line as long as a chunk", []string{addon("postgres.123", logplextest.Letters(10_000)), addon("postgres.123", "next")},
			[]string{"app[postgres.123]: " + logplextest.Letters(10_000), "app[postgres.123]: next"}},
		{"with a fraction of a second", []string{logplextest.Frame(logplextest.Line(134, noon, "app", "heroku-postgres", logplextest.Letters(10_000))), logplextest.Frame(logplextest.Line(134, noon, "app", "heroku-postgres", "next"))},
			[]string{"app[heroku-postgres]: " + logplextest.Letters(10_000), "app[heroku-postgres]: next"}},
		{"the platform's line as long as a chunk", []string{logplextest.Frame(logplextest.Line(45, noon, "heroku", "web.1", logplextest.Letters(10_000))), logplextest.Frame(logplextest.Line(45, noon, "heroku", "web.1", "next"))},
			[]string{"heroku[web.1]: " + logplextest.Letters(10_000), "heroku[web.1]: next"}},
		{"a one-off dyno's", logplextest.Chunks(noon, "run.4711", logplextest.Letters(12_000)), []string{"app[run.4711]: " + logplextest.Letters(12_000)}},
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
	web := logplextest.Chunks(noon, "web.1", logplextest.Letters(15_000))
	for _, half := range []struct{ frame, want string }{{web[0], logplextest.Letters(15_000)[:10_000]}, {web[1], logplextest.Letters(15_000)[10_000:]}} {
		if diff := cmp.Diff([]string{half.want}, add(half.frame)); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	}
}
