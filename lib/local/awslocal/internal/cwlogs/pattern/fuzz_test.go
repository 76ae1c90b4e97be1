package pattern_test

import (
	"errors"
	"testing"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/pattern"
)

// FuzzParse checks that Parse and Match never panic, that Parse returns only errors of type *Error with a message, and that Match always
// returns the same result.
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
