package pattern_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/pattern"
)

// FuzzParse checks that Parse and Match never panic, that Parse returns only errors of type *Error with a message, that Match always
// returns the same result, and that a term in quotes is found where strings.Contains finds it, and excluded with a minus in front.
func FuzzParse(f *testing.F) {
	for _, seed := range []struct{ text, message string }{
		{`ERROR -"bad request" ?x`, "an ERROR"},
		{`%^[^a-z]{2,}\x3A$%`, "AB:"},
		{`{ ($.a[0].b = "x*" || $.['c.d'] != 1e3) && $.* IS NULL && $.e NOT EXISTS }`, `{"a":[{"b":"xy"}],"c.d":7,"f":null}`},
		{`[a, b = 4* && b != %x%, ..., c > 1,]`, `1 404 [in brackets] "quoted" 2 3`},
		{`{`, `{`}, {`[`, `[`}, {`"`, `"`}, {`%`, `%`}, {`\`, `\`}, {`-`, ``},
	} {
		f.Add(seed.text, seed.message)
	}
	f.Fuzz(func(t *testing.T, text, message string) {
		checkTerm(t, text, message)
		p, err := pattern.Parse(text)
		if err != nil {
			if rejected, ok := errors.AsType[*pattern.Error](err); !ok || rejected.Message == "" {
				t.Fatalf("Parse(%q): error %#v, want an *Error with a message", text, err)
			}
			return
		}
		if once, again := p.Match(message), p.Match(message); once != again {
			t.Fatalf("pattern %q matches %q: %t, then %t", text, message, once, again)
		}
	})
}

// checkTerm compares a term with strings.Contains, unless it needs an escape.
func checkTerm(t *testing.T, text, message string) {
	t.Helper()
	if text == "" || len(text) > 900 || strings.ContainsAny(text, `"\`) || !utf8.ValidString(text) {
		return
	}
	for _, test := range []struct {
		pattern string
		want    bool
	}{{`"` + text + `"`, strings.Contains(message, text)}, {`-"` + text + `"`, !strings.Contains(message, text)}} {
		p, err := pattern.Parse(test.pattern)
		if err != nil {
			t.Fatalf("Parse(%q): %v", test.pattern, err)
		}
		if got := p.Match(message); got != test.want {
			t.Errorf("%s matches %q: %t, want %t", test.pattern, message, got, test.want)
		}
	}
}
