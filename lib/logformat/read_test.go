package logformat_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/logformat"
)

func TestRead(t *testing.T) {
	web := content{Source: "app", Process: "web.1", Message: "x"}
	for name, tt := range map[string]struct {
		text string
		want content // without the time
	}{
		"text":                    {"app[web.1]: x", web},
		"JSON":                    {`{"time":"2026-11-20T12:00:00.000000Z","app":"shop","source":"app","process":"web.1","message":"x"}`, web},
		"without a time or an ID": {`{"source":"app","process":"web.1","message":"x"}`, content{Message: `{"source":"app","process":"web.1","message":"x"}`}},
		"text by hand":            {"by hand: app[web.1]: x", content{Message: "by hand: app[web.1]: x"}},
		"no names":                {"[]: x", content{Message: "[]: x"}},
		"JSON by hand":            {`{"level":"info"}`, content{Message: `{"level":"info"}`}},
		"without a time":          {`{"source":"app","process":"web.1","message":"x"}`, content{Message: `{"source":"app","process":"web.1","message":"x"}`}},
		"a bad time":              {`{"time":"noon","source":"","process":"","message":""}`, content{Message: `{"time":"noon","source":"","process":"","message":""}`}},
		"a bad message":           {`{"time":"2026-11-20T12:00:00Z","source":"","process":"","message":1}`, content{Message: `{"time":"2026-11-20T12:00:00Z","source":"","process":"","message":1}`}},
		"nearly JSON":             {`{"time":"2026-11-20T12:00:00Z"`, content{Message: `{"time":"2026-11-20T12:00:00Z"`}},
		"nothing":                 {"", content{}},
		"an unclosed mark":        {"app[web.1]: x [original time 2014-12-08T22:17:12Z", content{Source: "app", Process: "web.1", Message: "x [original time 2014-12-08T22:17:12Z"}},
	} {
		got := contentOf(logformat.Read(tt.text, noon))
		tt.want.Time = noon.String()
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The time of a text line is the event's, which CloudWatch Logs keeps in milliseconds; a JSON line has its own.
func TestReadTime(t *testing.T) {
	event := noon.Add(5 * time.Millisecond)
	for text, want := range map[string]time.Time{
		"app[web.1]: x": event,
		"by hand":       event,
		`{"time":"2026-11-20T12:00:00.005678Z","source":"app","process":"web.1","message":"x"}`: noon.Add(5678 * time.Microsecond),
	} {
		if got := logformat.Read(text, event).Time; !got.Equal(want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
