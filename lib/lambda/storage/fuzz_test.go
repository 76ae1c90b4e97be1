package storage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/logplex/logplextest"
)

// FuzzBody stores any body in either format, without an event that CloudWatch Logs would reject. Nothing but white space is left out.
func FuzzBody(f *testing.F) {
	f.Add(dyno(noon, "a")+"garbage"+overflow(noon, 3)+logplextest.Frame("no line")+"0 ", true)
	f.Add(strings.Join(logplextest.Chunks(noon, "web.1", logplextest.Letters(12_000)), ""), false)
	f.Add(logplextest.Frame("<190>1 - host heroku router - at=info status=\xff\x1b]0;\x07")+logplextest.Frame("<999>1 9999-12-31T23:59:59Z host   - {}"), true)
	f.Fuzz(func(t *testing.T, body string, inJSON bool) {
		tags := map[string]string{drain.TagANSI: drain.ANSIStrip}
		if inJSON {
			tags[drain.TagFormat] = drain.FormatJSON
		}
		s := newSystem(t, tags)
		messages := request{frameID: "F", messageID: "1"}.messages(t, body)
		if failed := s.handle(t, messages...); failed != nil {
			t.Errorf("failed messages: %v\n%s", failed, s.log)
		}
		blank := true
		for frame := range logplex.Frames([]byte(body)) {
			blank = blank && frame.Blank()
		}
		if events := len(s.logs.events()); (events == 0) != blank {
			t.Errorf("%q became %d events", body, events)
		}
		stored := len(s.logs.events())
		s.handle(t, messages...)
		quantity(t, "events after a second delivery", len(s.logs.events()), stored)
	})
}

// FuzzMessage delivers any message of SQS between two others, twice. The lines of the others are stored once and unchanged. The message fails,
// each time, or its lines are stored, once.
func FuzzMessage(f *testing.F) {
	seed := func(r request, body string) string { return r.messages(f, body)[0].Body }
	long := strings.Join(logplextest.Chunks(noon, "web.1", logplextest.Letters(12_000)), "")
	for _, text := range []string{
		seed(request{frameID: "F"}, dyno(noon, "between")), seed(request{}, dyno(noon, "between")+overflow(noon, 3)), seed(request{frameID: "F"}, long[:len(long)/2]),
		seed(request{frameID: "FRAME-1"}, dyno(noon, "first")), seed(request{frameID: "FRAME-1"}, dyno(noon, "other lines")), seed(request{app: "blog"}, dyno(noon, "of another app")),
		"", "{}", "null", `{"version":2,"app":"shop","part":1,"parts":1,"encoding":"base64","body":""}`, `{"version":1,"app":"shop","part":2,"parts":1,"encoding":"base64","body":"AAAA"}`,
		`{"version":1,"app":"shop","part":1,"parts":1,"encoding":"zstd+base64","body":"KLUv/QQAQQAAaGVsbG8mHFtZ"}`, `{"version":1,"app":"shop","part":1,"parts":1,"encoding":"base64","body":"A"}`,
		`{"version":1,"app":"shop","part":1,"parts":1,"received_at":9223372036854775807,"encoding":"base64","body":"eA=="}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := newSystem(t, nil)
		messages := []events.SQSMessage{post(t, "1", dyno(noon, "first")), {MessageId: "2", EventSourceARN: post(t, "1").EventSourceARN, Body: text}, post(t, "3", dyno(noon, "last"))}
		env, err := envelope.Open(text)
		readable := err == nil && env.App == "shop"
		var stored []string
		for delivery := range 2 {
			if failed := s.handle(t, messages...); !readable && !slices.Equal(failed, []string{"2"}) || readable && failed != nil {
				t.Fatalf("delivery %d: failed messages %v, readable %t\n%s", delivery, failed, readable, s.log)
			}
			texts := s.logs.texts()
			slices.Sort(texts)
			if delivery == 1 && !slices.Equal(stored, texts) {
				t.Errorf("stored %q after the first delivery, %q after the second", stored, texts)
			}
			stored = texts
		}
		own := 0
		for _, text := range stored {
			if text != prefix+"first" && text != prefix+"last" {
				own++
			}
		}
		others := len(stored) - own
		if others < 2 || !slices.Contains(stored, prefix+"first") || !slices.Contains(stored, prefix+"last") || !readable && (others > 2 || own > 0) {
			t.Errorf("stored %q, readable %t", stored, readable)
		}
	})
}
