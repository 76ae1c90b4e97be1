package logformat_test

import (
	"encoding/json"
	"strings"
	"testing"

	"heroku-drains/lib/logformat"
)

// An object is what encoding/json takes for one.
func FuzzObject(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, ` {"a":1}`, `{"a":1} `, `{"a":[1,2.5e-3,{"b":null}],"c":true,"d":false}`, `{"a":01}`, `{"a":-}`, `{"a":1.}`, `{"a":"\u00e9\/"}`, `{"a":"\u00g0"}`,
		`{"a":"\`, `{"a":"\u12`, `{"a"`, `{"a":tru}`, `{,}`, `{"a":1,}`, `{"a":[1,]}`, `{"a":[}`, "{\"a\":\"\t\"}", "{\"a\"\t:\n1\r}", `{"a":1}{}`, `[1]`, `"a"`, `{a:1}`, "{\"\xff\":1}",
		strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20), "{\"a\":1\x00}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") && json.Valid([]byte(text))
		if strings.TrimRight(text, " \t\r\n") != text {
			want = false
		}
		if got := logformat.IsObject([]byte(text)); got != want {
			t.Errorf("%q is an object: %t, want %t", text, got, want)
		}
	})
}

// Objects are as deep as encoding/json allows, and deeper ones end without harm.
func TestDepthOfObjects(t *testing.T) {
	for _, n := range []int{9_999, 10_000, 10_001, 1_000_000} {
		for _, nested := range []string{
			strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n), `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}",
		} {
			if got, want := logformat.IsObject([]byte(nested)), json.Valid([]byte(nested)); got != want {
				t.Errorf("%d levels: %t, want %t", n, got, want)
			}
		}
	}
}
