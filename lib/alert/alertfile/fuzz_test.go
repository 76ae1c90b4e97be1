package alertfile_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/alert/alertfile"
)

// FuzzRead reads any file. What is accepted is the same after JSON, which the functions read; what is not has a line within the file.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"codes:\n  H12: {threshold: 20, window: 10m}\n  R14: off\n", "regexps: {a: &x {pattern: a, include_apps: []}, b: *x}", "drop: {a: {path: /, keep: 1%}}",
		"codes:\n- a", "a: &a [*a]", "codes: {<<: {H12: off}}", "? [a]\n: b", "codes: {H12: {off: !!bool yes}}", "--- \n...\n--- a", "codes: !!binary YQ==", "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := alertfile.Read("f", text)
		if err != nil {
			all, ok := errors.AsType[alertfile.Errors](err)
			if !ok || len(all) == 0 {
				t.Fatalf("error %#v", err)
			}
			for _, e := range all {
				if e.Line > strings.Count(string(text), "\n")+strings.Count(string(text), "\r")+2 || e.Reason == "" {
					t.Errorf("%q: %v", text, e)
				}
			}
			return
		}
		encoded, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		back, err := alert.ReadConfig(encoded)
		if diff := cmp.Diff(c, back); err != nil || diff != "" {
			t.Errorf("%s: %v (-read +back):\n%s", encoded, err, diff)
		}
	})
}
