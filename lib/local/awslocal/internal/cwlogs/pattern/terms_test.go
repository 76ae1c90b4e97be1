package pattern_test

import "testing"

var lines = []string{
	"ERROR ARGUMENTS REQUEST", "ERROR BAD REQUEST", "INFO ARGUMENTS", "error arguments", "ERROR INTERNAL SERVER ERROR",
	"ERROR INTERNAL  SERVER ERROR", "TERROR REQUEST", "[ERROR] REQUEST", "ERROR_ARGUMENTS", "ERROR\nARGUMENTS", `say "hello world" now`,
	"plain", " ",
}

func TestTerms(t *testing.T) {
	for _, test := range []struct {
		pattern string
		want    []string
	}{
		{pattern: "", want: lines},
		{pattern: "  ", want: lines},
		{pattern: "ERROR", want: except(lines, "INFO ARGUMENTS", "error arguments", `say "hello world" now`, "plain", " ")},
		{pattern: "error", want: []string{"error arguments"}},
		{pattern: "ERROR ARGUMENTS", want: []string{"ERROR ARGUMENTS REQUEST", "ERROR_ARGUMENTS", "ERROR\nARGUMENTS"}},
		{pattern: "ERROR -REQUEST -INTERNAL", want: []string{"ERROR_ARGUMENTS", "ERROR\nARGUMENTS"}},
		{pattern: "-ERROR -INFO", want: []string{"error arguments", `say "hello world" now`, "plain", " "}},
		{pattern: `ERROR -"BAD REQUEST" -ARGUMENTS -INTERNAL`, want: []string{"TERROR REQUEST", "[ERROR] REQUEST"}},
		{pattern: "?INFO ?plain", want: []string{"INFO ARGUMENTS", "plain"}},
		{pattern: `?"INTERNAL SERVER" ?plain`, want: []string{"ERROR INTERNAL SERVER ERROR", "plain"}},
		// Together with other terms, those with a question mark have no effect.
		{pattern: "?ERROR ?INFO plain", want: []string{"plain"}},
		{pattern: "?ERROR ?INFO -REQUEST -INTERNAL -ARGUMENTS", want: []string{"error arguments", `say "hello world" now`, "plain", " "}},
		{pattern: `"INTERNAL SERVER ERROR"`, want: []string{"ERROR INTERNAL SERVER ERROR"}},
		{pattern: `"[ERROR]"`, want: []string{"[ERROR] REQUEST"}},
		{pattern: `"say \"hello world\""`, want: []string{`say "hello world" now`}},
		{pattern: `" "`, want: except(lines, "ERROR_ARGUMENTS", "ERROR\nARGUMENTS", "plain")},
	} {
		t.Run(test.pattern, func(t *testing.T) { checkMatches(t, test.pattern, lines, test.want) })
	}
}

func TestTermsCharacters(t *testing.T) {
	checkMatches(t, "aAzZ09_", []string{"=aAzZ09_=", "aAzZ09"}, []string{"=aAzZ09_="})
}

func TestTermsEscapes(t *testing.T) {
	checkMatches(t, `"C:\dir"`, []string{`in C:\dir now`, `in C:dir`}, []string{`in C:\dir now`})
	checkMatches(t, `"a\\b"`, []string{`a\b`, `a\\b`}, []string{`a\b`})
}

func TestTermsRejected(t *testing.T) {
	checkRejected(t, map[string]string{
		"ERR*":              "Invalid character(s) in term '*'",
		"(":                 "Invalid character(s) in term '('",
		"?Status: timeout":  "Invalid character(s) in term ':'",
		"me@example.com":    "Invalid character(s) in term '@'",
		"café":              "Invalid character(s) in term 'é'",
		`"ERROR`:            `Invalid character(s) in term '"ERROR'`,
		`"ERROR\`:           `Invalid character(s) in term '"ERROR\'`,
		`""`:                `Invalid character(s) in term '""'`,
		"ERROR - Exiting":   "Invalid character(s) in term '-'",
		"ERROR -":           "Invalid character(s) in term '-'",
		"?":                 "Invalid character(s) in term '?'",
		"ERROR %timeout%":   "Invalid character(s) in term '%'",
		`level\":\"error`:   `Invalid character(s) in term '\'`,
		"10.10.0.1":         "Invalid character(s) in term '.'",
		"--ERROR":           "Invalid character(s) in term '-'",
		"`ERROR`":           "Invalid character(s) in term '`'",
		"ERROR, EXCEPTION":  "Invalid character(s) in term ','",
		"request_id=abcdef": "Invalid character(s) in term '='",
	})
}
