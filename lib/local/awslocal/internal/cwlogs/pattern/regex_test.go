package pattern_test

import "testing"

func TestRegex(t *testing.T) {
	messages := []string{
		"ERROR 500", "ERROR 50", "ERROR 5000", "WARN 404", "xERROR 500", "error 500", "color", "color", "colouur", "10.10.0.1",
		"10010,051", "hello!", "café", "aaab", "abab", "ERROR\n500", "ac", "abbbc", "[7]", "gray",
		"a{b",
	}
	for _, test := range []struct {
		pattern string
		want    []string
	}{
		{pattern: `%ERROR%`, want: []string{"ERROR 500", "ERROR 50", "ERROR 5000", "xERROR 500", "ERROR\n500"}},
		{pattern: `%^ERROR\s[0-9]{3}$%`, want: []string{"ERROR 500", "ERROR\n500"}},
		{pattern: `%ERROR|WARN%`, want: []string{"ERROR 500", "ERROR 50", "ERROR 5000", "WARN 404", "xERROR 500", "ERROR\n500"}},
		{pattern: `%^colou?r$%`, want: []string{"color", "color"}},
		{pattern: `%10\.10\.0\.1%`, want: []string{"10.10.0.1"}},
		{pattern: `%10.10.0.1%`, want: []string{"10.10.0.1", "10010,051"}},
		{pattern: `%\x21%`, want: []string{"hello!"}},
		{pattern: `%^[^a-z]+$%`, want: []string{
			"ERROR 500", "ERROR 50", "ERROR 5000", "WARN 404", "10.10.0.1", "10010,051", "ERROR\n500", "[7]",
		}},
		{pattern: `%^a*b$%`, want: []string{"aaab"}},
		{pattern: `%ab*c%`, want: []string{"ac", "abbbc"}},
		{pattern: `%^ab{2,}c$%`, want: []string{"abbbc"}},
		{pattern: `%^a{,2}c$%`, want: []string{"ac"}}, // either number may be omitted
		{pattern: `%\[.\]%`, want: []string{"[7]"}},
		{pattern: `%[]x]ERROR%`, want: []string{"xERROR 500"}}, // a ] at the start of a class belongs to it
		{pattern: `%^\w+\W\d+$%`, want: []string{
			"ERROR 500", "ERROR 50", "ERROR 5000", "WARN 404", "xERROR 500", "error 500", "10010,051", "ERROR\n500",
		}},
		{pattern: `%a[{]b%`, want: []string{"a{b"}}, // in a class, braces are ordinary characters
		{pattern: `%a[]{]b%`, want: []string{"a{b"}},
		{pattern: `%a[^]x{3]b%`, want: []string{"aaab", "abbbc"}},
		{pattern: `%^a[^]a-z]b$%`, want: []string{"a{b"}},
		{pattern: `%^ERROR|^WARN|^x%`, want: []string{"ERROR 500", "ERROR 50", "ERROR 5000", "WARN 404", "xERROR 500", "ERROR\n500"}},
		{pattern: `%^gr|ay%`, want: []string{"gray"}},
		{pattern: `%^ac|^[|^]|^%`, want: messages},
		{pattern: ` %gra|ey% `, want: []string{"gray"}},
	} {
		t.Run(test.pattern, func(t *testing.T) { checkMatches(t, test.pattern, messages, test.want) })
	}
}

func TestRegexRejected(t *testing.T) {
	const uncompiled = "Failed to compile regular expression."
	checkRejected(t, map[string]string{
		`%^(ERROR|WARN)%`: "Invalid character(s) in term '%^('",
		`%hello!%`:        "Invalid character(s) in term '%hello!'",
		`%café%`:          "Invalid character(s) in term '%café'",
		`%ERROR(?= 500)%`: "Invalid character(s) in term '%ERROR('",
		`%shutting down%`: "Invalid character(s) in term '%shutting '",
		`%ERROR`:          "Invalid character(s) in term '%ERROR'",
		`%%`:              "Invalid character(s) in term '%%'",
		`%[abc%`:          uncompiled,
		`%a**%`:           uncompiled,
		`%{3}%`:           uncompiled,
		`%a{x}%`:          uncompiled,
		`%a{}%`:           uncompiled,
		`%a{,}%`:          uncompiled,
		`%a{3,2}%`:        uncompiled,
		`%\p%`:            uncompiled, // valid in Go, not on AWS
		`%\bERROR\b%`:     uncompiled,
		`%\x%`:            uncompiled,
		`%\x80%`:          uncompiled, // not ASCII
		`%\`:              `Invalid character(s) in term '%\'`,
		`%ERROR% timeout`: "Invalid filter pattern",
	})
}
