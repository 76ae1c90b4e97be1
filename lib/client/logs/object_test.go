package logs_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/logformat"
)

// objectAt is the time of the events of these tests.
var objectAt = time.Date(2026, 11, 22, 15, 17, 21, 123_000_000, time.UTC)

func eventOf(text string) logs.Event {
	return logs.Event{EventId: aws.String("e1"), Timestamp: aws.Int64(objectAt.UnixMilli()), Message: &text, LogStreamName: aws.String("[APP]shop")}
}

func TestObject(t *testing.T) {
	const head = `{"id":"e1","time":"2026-11-22T15:17:21.123000Z","app":"shop",`
	for name, tt := range map[string]struct{ text, want string }{
		"a text line": {
			text: "app[web.1]: hello",
			want: head + `"source":"app","process":"web.1","message":"hello"}`,
		},
		"a router line": {
			text: `heroku[router]: at=info method=GET path="/" connect=1ms service=5ms status=200 bytes=7`,
			want: head + `"source":"heroku","process":"router","message":"at=info method=GET path=\"/\" connect=1ms service=5ms status=200 bytes=7",` +
				`"at":"info","method":"GET","path":"/","connect":1,"service":5,"status":200,"bytes":7}`,
		},
		"a JSON line": {
			text: `{"time":"2026-11-22T15:17:21.123456Z","app":"shop","source":"app","process":"web.1","severity":"info","message":"hello"}`,
			want: `{"id":"e1","time":"2026-11-22T15:17:21.123456Z","app":"shop","source":"app","process":"web.1","severity":"info","message":"hello"}`,
		},
		"a JSON line with an ID": {
			text: `{"time":"2026-11-22T15:17:21.123456Z","app":"shop","source":"app","process":"web.1","severity":"info","id":"q83vEjRWeJA","message":"hello"}`,
			want: `{"id":"q83vEjRWeJA","time":"2026-11-22T15:17:21.123456Z","app":"shop","source":"app","process":"web.1","severity":"info","message":"hello"}`,
		},
		"a line with fields of the same names": {
			text: `app[web.1]: {"id":7,"app":"other","level":"error"}`,
			want: head + `"source":"app","process":"web.1","message":"{\"id\":7,\"app\":\"other\",\"level\":\"error\"}","data":{"id":7,"app":"other"},"level":"error"}`,
		},
		"an object over several lines": {
			text: "app[web.1]: {\"a\": {\n  \"b\": 1}}",
			want: head + `"source":"app","process":"web.1","message":"{\"a\": {\n  \"b\": 1}}","a":{"b":1}}`,
		},
		"in neither format": {
			text: "by hand",
			want: head + `"source":"","process":"","message":"by hand"}`,
		},
	} {
		got := logs.Object("shop", eventOf(tt.text))
		if string(got) != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
}

// Any event is one object, on one line, whose message is what the reader of the formats finds.
func FuzzObject(f *testing.F) {
	for _, text := range []string{
		"app[web.1]: hello", "heroku[router]: at=error code=H12 status=503", `{"time":"x"}`, "{\n}", "app[web.1]: {\"id\":\n1}", "\xff", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd") // as CloudWatch Logs returns it
		e := eventOf(text)
		got := logs.Object("shop", e)
		var compact bytes.Buffer
		l := logs.ReadLine(e)
		if err := json.Compact(&compact, logformat.AppendObject(nil, "e1", "shop", &l)); err != nil || compact.String() != string(got) {
			t.Fatalf("%q: %v\n got %s\nwant %s", text, err, got, &compact)
		}
		var object struct{ ID, App, Message string }
		if err := json.Unmarshal(got, &object); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		id := "e1"
		if l.ID != 0 {
			id = l.ID.String()
		}
		if object.ID != id || object.App != "shop" || object.Message != textOf(e) || strings.ContainsAny(string(got), "\n\r") {
			t.Errorf("%q: %s", text, got)
		}
	})
}
