package logformat_test

import (
	"strings"
	"testing"

	"heroku-drains/lib/logformat"
	"heroku-drains/lib/logplex/logplextest"
)

// The ID of an event is found where the format writes it, and nowhere else: not in a field of the line, nor in a text before it.
func TestReadID(t *testing.T) {
	const id = logformat.ID(0xabcdef1234567890)
	for name, text := range map[string]string{
		"plain":              "hello",
		"its own id":         `{"id":"AAAAAAAAAAE","message":"x"}`,
		"what looks like it": `,"id":"AAAAAAAAAAE","message":"x"`,
		"quotes":             `"\"`,
	} {
		for _, source := range []string{"app", `a","id":"AAAAAAAAAAE","message":"`} {
			l := logformat.Lines([]byte(logplextest.Frame(logplextest.Line(190, noon, source, "web.1", text))))[0]
			l.Clean(logformat.KeepANSI)
			without := string(logformat.JSON().Append(nil, &l))
			if got, ok := logformat.ReadID(without); ok {
				t.Errorf("%s: ID %s of an event without one: %s", name, got, without)
			}
			l.ID = id
			with := string(logformat.JSON().Append(nil, &l))
			if got, ok := logformat.ReadID(with); !ok || got != id {
				t.Errorf("%s: ID %s, want %s: %s", name, got, id, with)
			}
			if object := string(logformat.AppendObject(nil, "e1", "shop", &l)); !strings.HasPrefix(object, `{"id":"q83vEjRWeJA","time":"`) || strings.Count(object, `"id":"q8`) != 1 {
				t.Errorf("%s: the object %s", name, object)
			}
		}
	}
	for _, text := range []string{
		"", "app[web.1]: hello", `{"time":"x","id":"q83vEjRWeJ","message":""}`, `{"time":"x","id":"q83vEjRWeJ!","message":""}`,
		`{"time":"x","id":"q83vEjRWeJB","message":""}`, `{"time":"x","message":"","id":"q83vEjRWeJA"}`, `{"id":"q83vEjRWeJA","message":""}`,
		`{"time":"x","id":"AAAAAAAAAAA","message":""}`,
	} {
		if got, ok := logformat.ReadID(text); ok {
			t.Errorf("ID %s of %s", got, text)
		}
	}
}
