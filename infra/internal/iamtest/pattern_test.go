package iamtest_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"heroku-drains/infra/internal/iamtest"
)

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "anything: at / all", true},
		{"APP_*", "APP_shop", true},
		{"APP_*", "APP_", true},
		{"APP_*", "APP", false},
		{"APP_*", "app_shop", false},
		{"APP_*", "XAPP_shop", false},
		{"APP_shop", "APP_shop-staging", false},
		{"*-staging", "APP_shop-staging", true},
		{"*-staging", "APP_shop-staging-2", false},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-c-b", false},
		{"a*b*c", "abbbbbbbbbbbbbbb", false},
		{"?", "", false},
		{"?", "é", true},
		{"??", "é", false},
		{"sho?", "shop", true},
		{"[APP]*", "[APP]shop", true},
		{"[APP]*", "Ashop", false},
		{"a.c", "abc", false},
		{"**", "x", true},
		{"x**", "x", true},
		{"x*?", "x", false},
	} {
		if got := iamtest.Matches(test.pattern, test.text); got != test.want {
			t.Errorf("%q matches %q: %t, want %t", test.text, test.pattern, got, test.want)
		}
	}
}

func TestMatchesARN(t *testing.T) {
	const queue = "arn:aws:sqs:us-east-1:000000000000:APP_shop"
	const stream = "arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:log-stream:[APP]shop"
	for _, test := range []struct {
		pattern, arn string
		want         bool
	}{
		{"*", queue, true},
		{"*", "*", true},
		{queue, queue, true},
		{queue, "*", false},
		{"arn:aws:sqs:us-east-1:000000000000:APP_*", queue, true},
		{"arn:aws:sqs:us-east-1:000000000000:APP_*", "arn:aws:sqs:us-east-1:000000000000:other", false},
		{"arn:aws:sqs:us-east-1:000000000000:APP_*", "arn:aws:sqs:eu-west-1:000000000000:APP_shop", false},
		{"arn:aws:sqs:*:*:APP_*", queue, true},
		{"arn:aws:sqs:*", queue, true},
		{"arn:aws:*:APP_shop", queue, false}, // a * does not match across colons
		{"arn:aws:*", queue, true},
		{"arn:aws:sqs:us-east-1:000000000000", queue, false},
		{"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:*", stream, true},
		{"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps", stream, false},
		{"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:log-stream:[APP]*", stream, true},
		{"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/*:log-stream:[APP]*", stream, true},
		{"arn:aws:logs:us-east-1:000000000000:log-group:/heroku/app:*", stream, false},
		{"sqs", queue, false},
		{"arn:aws:sqs:us-east-1:000000000000:APP_*", "APP_shop", false},
	} {
		if got := iamtest.MatchesARN(test.pattern, test.arn); got != test.want {
			t.Errorf("%q matches %q: %t, want %t", test.arn, test.pattern, got, test.want)
		}
	}
}

// FuzzMatches compares the matcher with an equivalent regular expression.
func FuzzMatches(f *testing.F) {
	f.Add("arn:aws:sqs:*:*:APP_*", "arn:aws:sqs:us-east-1:000000000000:APP_shop")
	f.Add("/heroku/?pps:*:[APP]*", "/heroku/apps:log-stream:[APP]shop")
	f.Add("*a*b?c**", "aab\nbéc")
	f.Add("*???b", "éaab")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) {
			t.Skip("not UTF-8, which IAM requires")
		}
		var expression strings.Builder
		for _, r := range pattern {
			switch r {
			case '*':
				expression.WriteString(".*")
			case '?':
				expression.WriteString(".")
			default:
				expression.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		want := regexp.MustCompile(`(?s)\A` + expression.String() + `\z`).MatchString(text)
		if got := iamtest.Matches(pattern, text); got != want {
			t.Errorf("%q matches %q: %t, want %t", text, pattern, got, want)
		}
	})
}
