package alert_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"heroku-drains/lib/alert"
)

func TestFinder(t *testing.T) {
	literals := []string{"deadlock detected", "deadlock", "econnrefused", "poison pill", "ison", "a-very-long-literal-that-is-longer"}
	for text, want := range map[string][]string{
		"":                               nil,
		"dead":                           nil,
		"deadlock":                       {"deadlock"},
		"a deadlock detected":            {"deadlock detected", "deadlock"},
		"DeadLock DETECTED":              {"deadlock detected", "deadlock"},
		"poison pill":                    {"poison pill", "ison"},
		"xxisonxx econnrefused":          {"ison", "econnrefused"},
		"deadlocdeadlock":                {"deadlock"},
		"a-very-long-literal-that-is-lo": nil,
		"日本deadlock":                     {"deadlock"},
	} {
		var got []string
		for i, found := range alert.Find([]byte(text), literals) {
			if found {
				got = append(got, literals[i])
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Whatever literal is in a text is found.
func FuzzFinder(f *testing.F) {
	f.Add("a deadlock detected in the poison pill", "deadlock", "poison pill")
	f.Add("aaaaaaaaaaaa", "aaaa", "aaab")
	f.Add("\x00\xff\x00\xff\x00", "\x00\xff\x00\xff", "\xff\x00\xff\x00")
	f.Add("KELVIN [x]", "kelvin {", "vin [x]")
	f.Fuzz(func(t *testing.T, text, one, other string) {
		var literals []string
		for _, literal := range []string{one, other, one + other, "deadlock detected"} {
			if len(literal) >= 4 {
				literals = append(literals, literal)
			}
		}
		for i, found := range alert.Find([]byte(text), literals) {
			if strings.Contains(text, literals[i]) && !found {
				t.Errorf("%q is not found in %q", literals[i], text)
			}
		}
	})
}

func TestRequired(t *testing.T) {
	for pattern, want := range map[string][]string{
		"deadlock detected":        {"deadlock detected"},
		"(?i)Deadloc":              {"deadloc"},
		"(?i)deadlock":             {"deadloc"},
		"(?i)skaskas":              nil,
		"abc":                      nil,
		"abcd|efg":                 nil,
		"ab[Cc]d(ef|gh)?":          {"abcd", "abcdef", "abcdgh"},
		"could not|connection to":  {"could not", "connection to"},
		"cool(a.*|b)(long text|x)": {"coola", "coolb"},
		"[0-9]abcd":                {"abcd"},
		"(?i)sab[k]cdKabcdİ":       {"abcd"},
		"Kabcd":                    {"abcd"},
		"İabcdİ":                   {"abcd"},
		"(ab|cd)(ef|gh)":           {"abef", "abgh", "cdef", "cdgh"},
		"(a|b){2,4}cdef":           {"cdef"},
		"^$|abcd":                  nil,
		"(abcd|)efgh":              {"abcdefgh", "efgh"},
		"abcd|efgh":                {"abcd", "efgh"},
		"(abcd|efgh)x+(long text)": {"long text"},
		"(abcd)*x":                 nil,
		"(abcd)+x":                 {"abcd"},
		"(abcd){2,}":               {"abcd"},
		"(abcd){0,3}":              nil,
		"[a-z]+ timeout$":          {" timeout"},
		"größer als":               {"er als"},
		"":                         nil,
		".*":                       nil,
	} {
		got, ok := alert.Required(pattern)
		if !ok || !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}

// A text that a pattern matches contains one of the pattern's literals.
func FuzzRequired(f *testing.F) {
	for _, seed := range [][2]string{
		{"(?i)deadlock (detected|found)", "DEADLOC\u212a found"}, {"payment (failed|declined)", "payment declined"}, {"a(bcde)?f+ghij*", "affghi"},
		{"(?i:ſtraße|kelvin)", "STRASSE"}, {"(abcd|efgh){1,2}", "efgh"}, {`\Qa.b.c\E\d{4}`, "a.b.c1234"}, {"(?s)ab.cd(efgh|)", "ab\ncd"},
		{"\u212aabcd\u0130efgh", "\u212aabcd\u0130efgh"}, {"co(uld not .*|nnect[io]on){1,3}x?", "connection"}, {"(?i)(ab|cd)?k[xyz]{2}efgh$", "ABKxyEFGH"},
	} {
		f.Add(seed[0], seed[1])
	}
	for _, d := range alert.Catalogue() {
		if d.Rule.Pattern != "" {
			f.Add(d.Rule.Pattern, d.Example.Text)
		}
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 200 || len(text) > 1000 {
			t.Skip("it takes long")
		}
		literals, ok := alert.Required(pattern)
		if !ok || literals == nil {
			t.Skip("no pattern, or one without literals")
		}
		re, err := regexp.Compile(pattern)
		if err != nil || !re.MatchString(text) {
			t.Skip("it does not match")
		}
		for _, found := range alert.Find([]byte(text), literals) {
			if found {
				return
			}
		}
		t.Errorf("%s matches %q, which has none of %q", pattern, text, literals)
	})
}

// Each default pattern has long literals, so that it costs next to nothing on other lines.
func TestDefaultPatternsHaveLiterals(t *testing.T) {
	for _, d := range alert.Catalogue() {
		if d.Rule.Pattern == "" {
			continue
		}
		literals, ok := alert.Required(d.Rule.Pattern)
		if !ok || len(literals) == 0 {
			t.Errorf("%s has none", d.Rule.Name)
		}
		for _, literal := range literals {
			if len(literal) < 11 {
				t.Errorf("%s has the short literal %q", d.Rule.Name, literal)
			}
		}
	}
}

func TestGlobs(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"shop", "shop", true}, {"shop", "shop-eu", false}, {"shop*", "shop", true}, {"*", "", true}, {"*-staging", "shop-staging", true},
		{"*-staging", "shop-staging-2", false}, {"a*a", "a", false}, {"a*a", "aa", true}, {"a*b*c", "abc", true}, {"a*b*c", "axxbxxc", true},
		{"a*b*c", "acb", false}, {"*b*", "abc", true}, {"**", "x", true}, {"", "", true}, {"", "x", false}, {"web.*", "web.1", true}, {"a*bb*b", "abb", false},
	} {
		if got := alert.MatchGlob(tt.pattern, tt.name); got != tt.want {
			t.Errorf("%q matches %q: %t", tt.pattern, tt.name, got)
		}
	}
}
