package pattern_test

import (
	"errors"
	"testing"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/pattern"
)

// FuzzParse: no text makes Parse or Match panic, every refusal is one the API can answer with, and both are free of state.
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
			var refused *pattern.Error
			if !errors.As(err, &refused) || refused.Message == "" {
				t.Fatalf("Parse(%q): %#v is no refusal", text, err)
			}
			return
		}
		if once, again := p.Match(message), p.Match(message); once != again {
			t.Fatalf("pattern %q matches %q now and then", text, message)
		}
	})
}
