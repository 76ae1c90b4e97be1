package alert_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"heroku-drains/lib/alert"
)

func TestMember(t *testing.T) {
	for object, want := range map[string]string{
		`{"a":"x"}`: "x", ` { "b" : [1,{"a":"no"}] , "a" : "x\ty" } `: "x\ty", `{"a":{"a":1}}`: `{"a":1}`, `{"a":1.50e2,"b":2}`: "1.50e2",
		`{"\u0061":true}`: "true", `{"a":1,"a":2}`: "2", `{"b":"\"a\":1","a":null}`: "null", `{"a":[ ]}`: "[ ]", `{"a":"\\"}`: `\`,
	} {
		value, found := alert.Member([]byte(object), "a")
		if !found || string(alert.TextOf(value)) != want {
			t.Errorf("%s: %q, %t, want %q", object, value, found, want)
		}
	}
	for _, object := range []string{"", "{", "{}", `{"b":1}`, `{"a"`, `{"a":`, `{"a":}`, `{"b":{"a":1}}`, `["a",1]`, `{"b":"a\`, `{a:1}`, `{"a":"x`, `"a"`} {
		if value, found := alert.Member([]byte(object), "a"); found {
			t.Errorf("%s: %q", object, value)
		}
	}
}

// The members of any JSON are those that encoding/json reads.
func FuzzMember(f *testing.F) {
	for _, seed := range []string{`{"a":"x","b":[1,{"c":"}"}]}`, `{"\u0061":-1e9,"":{"":[]}}`, `{"a":"\ud83d\ude00","a":false}`, `{"a" : "\\\"" , "b":null}`, `{}`, `[{}]`, `{"a":1}}`} {
		f.Add([]byte(seed), "a")
	}
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		if !utf8.Valid(text) || !utf8.ValidString(name) {
			t.Skip("lines are valid UTF-8")
		}
		value, found := alert.Member(text, name)
		if found {
			alert.TextOf(value)
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(text, &members) != nil || members == nil {
			return
		}
		want, there := members[name]
		if found != there || string(value) != string(want) {
			t.Fatalf("%q: %q, %t, want %q", text, value, found, want)
		}
		var s string
		if found && want[0] == '"' && json.Unmarshal(want, &s) == nil && string(alert.TextOf(value)) != s {
			t.Errorf("%q: %q, want %q", text, alert.TextOf(value), s)
		}
	})
}
