package drain_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
)

// FuzzParsePatch reads any body of PUT. What is accepted says of each setting what encoding/json reads under its exact name, and is the same
// after it was written and read again. What is not has the code of invalid settings and a reason.
func FuzzParsePatch(f *testing.F) {
	for _, seed := range []string{
		"", " \r\n", "{}", "null", `{"format":null}`, `{"format":"json","ansi":"strip","batch_size":10000,"batch_window_seconds":300,"maximum_concurrency":1000}`,
		`{"batch_size":11,"batch_window_seconds":0}`, `{"Format":"json"}`, `{"format":"text","FORMAT":"json"}`, `{"format":"text","format":"json"}`, `{"batch_size":1e1}`,
		`{"maximum_concurrency":0} {}`, `{"maximum_concurrency":-0}`, `{"batch_size":"10"}`, `[]`, `"format"`, `{"\u0066ormat":"json"}`, `{"format":{"format":"json"}}`, "\ufeff{}",
	} {
		f.Add([]byte(seed))
	}
	names := []string{"format", "ansi", "batch_size", "batch_window_seconds", "maximum_concurrency"}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := drain.ParsePatch(body)
		if err != nil {
			wantError(t, err, drain.InvalidSettings)
			var lenient drain.Patch
			var members map[string]any
			if json.Unmarshal(body, &lenient) != nil || json.Unmarshal(body, &members) != nil || lenient.Validate() != nil {
				return
			}
			for name := range members {
				if !slices.Contains(names, name) {
					return
				}
			}
			t.Errorf("%q is refused: %v", body, err)
			return
		}
		if err := p.Validate(); err != nil {
			t.Errorf("%q is accepted, but %v", body, err)
		}
		encoded, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var given, accepted map[string]any
		if len(body) > 0 {
			_ = json.Unmarshal(body, &given) // white space alone is accepted too
		}
		if err := json.Unmarshal(encoded, &accepted); err != nil {
			t.Fatal(err)
		}
		for name, value := range given {
			if value == nil {
				delete(given, name)
			}
		}
		if len(given)+len(accepted) > 0 && !cmp.Equal(given, accepted) {
			t.Errorf("%q is read as %s", body, encoded)
		}
		if again, err := drain.ParsePatch(encoded); err != nil || !cmp.Equal(p, again) {
			t.Errorf("%s, written from %q, is read as %+v, %v", encoded, body, again, err)
		}
		if merged := (drain.Patch{}).With(p); !cmp.Equal(p, merged) {
			t.Errorf("%s on top of nothing is %+v", encoded, merged)
		}
	})
}

// herokuAppName is the pattern of app names in Heroku's documentation. https://devcenter.heroku.com/articles/platform-api-reference#app-create
var herokuAppName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,28}[a-z0-9]$`)

// FuzzValidateApp compares the rule with Heroku's pattern. A name that is accepted needs no escaping in a URL, a queue's name or
// a log stream's, so it is the same there.
func FuzzValidateApp(f *testing.F) {
	for _, seed := range []string{"shop", "a-1", "Shop", "shop/", "shop%2e", "sh..op", "shop-", "-shop", "ab", "a23456789012345678901234567890", "shop\x00", "sh\u00f6p", "shop\n", "1shop", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		want := herokuAppName.MatchString(name)
		err := drain.ValidateApp(name)
		if (err == nil) != want {
			t.Errorf("%q: %v, want valid %t", name, err, want)
		}
		if err != nil {
			wantError(t, err, drain.InvalidAppName)
		}
	})
}
