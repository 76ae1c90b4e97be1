package drain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
)

func TestParsePatch(t *testing.T) {
	tests := []struct {
		name, body string
		want       drain.Patch
	}{
		{"nothing", "", drain.Patch{}},
		{"white space", " \r\n", drain.Patch{}},
		{"an empty object", "{}", drain.Patch{}},
		{"nulls are not given", `{"format":null,"batch_size":null}`, drain.Patch{}},
		{"one", `{"format":"json"}`, drain.Patch{Format: new("json")}},
		{"no limit", `{"maximum_concurrency":0}`, drain.Patch{MaximumConcurrency: new(0)}},
		{"a large batch with a window given earlier", `{"batch_size":11}`, drain.Patch{BatchSize: new(11)}},
		{
			"all at their largest",
			`{"format":"text","ansi":"strip","batch_size":10000,"batch_window_seconds":300,"maximum_concurrency":1000}`,
			drain.Patch{
				Format: new("text"), ANSI: new("strip"), BatchSize: new(10_000), BatchWindowSeconds: new(300), MaximumConcurrency: new(1_000),
			},
		},
		{
			"all at their smallest",
			`{"ansi":"keep","batch_size":1,"batch_window_seconds":0,"maximum_concurrency":2}` + "\n",
			drain.Patch{ANSI: new("keep"), BatchSize: new(1), BatchWindowSeconds: new(0), MaximumConcurrency: new(2)},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := drain.ParsePatch([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParsePatchSaysWhatToChange(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"unknown", `{"color":"red"}`, `"color"`},
		{"another case", `{"Format":"json"}`, `unknown setting "Format"`},
		{"twice, in two cases", `{"format":"json","FORMAT":"text"}`, `unknown setting "FORMAT"`},
		{"string for number", `{"batch_size":"10"}`, "batch_size must be a whole number"},
		{"number for string", `{"format":1}`, "format must be a string"},
		{"fraction", `{"batch_window_seconds":1.5}`, "batch_window_seconds must be a whole number"},
		{"beyond int", `{"batch_size":1e99}`, "batch_size must be a whole number"},
		{"array", `[]`, "must be a JSON object, not a JSON array"},
		{"string", `"format"`, "must be a JSON object, not a JSON string"},
		{"cut short", `{"format":`, "is not valid JSON"},
		{"no JSON", `format=json`, "is not valid JSON"},
		{"two objects", `{"format":"json"}{"ansi":"keep"}`, "more data follows"},
		{"format", `{"format":"xml"}`, `format must be text or json, not "xml"`},
		{"empty format", `{"format":""}`, "format must be text or json"},
		{"ansi", `{"ansi":"drop"}`, `ansi must be keep or strip, not "drop"`},
		{"batch of none", `{"batch_size":0}`, "batch_size must be 1 to 10000, not 0"},
		{"batch too large", `{"batch_size":10001,"batch_window_seconds":1}`, "batch_size must be 1 to 10000"},
		{"window below", `{"batch_window_seconds":-1}`, "batch_window_seconds must be 0 to 300"},
		{"window above", `{"batch_window_seconds":301}`, "batch_window_seconds must be 0 to 300"},
		{"large batch, no window", `{"batch_size":11,"batch_window_seconds":0}`, "batch_window_seconds of at least 1"},
		{"concurrency below", `{"maximum_concurrency":1}`, "maximum_concurrency must be 2 to 1000, or 0"},
		{"concurrency above", `{"maximum_concurrency":1001}`, "maximum_concurrency must be 2 to 1000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := drain.ParsePatch([]byte(test.body))
			wantError(t, err, drain.InvalidSettings)
			if err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("error = %q, want %q in it", err, test.want)
			}
		})
	}
}

// wantError checks the code of a refusal and returns it.
func wantError(t *testing.T, err error, code string) *drain.Error {
	t.Helper()
	refusal, ok := errors.AsType[*drain.Error](err)
	if !ok || refusal.Code != code {
		t.Fatalf("error = %v, want a *drain.Error with the code %s", err, code)
	}
	return refusal
}
