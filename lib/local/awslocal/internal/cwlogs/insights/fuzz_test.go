package insights_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/insights"
)

// FuzzParse checks that Parse and Run never panic, that Parse returns only errors of type *Error that are about a part of the query, and that
// Run keeps to its limit and always returns the same result. A text in quotes is found in the messages where strings.Contains finds it.
func FuzzParse(f *testing.F) {
	for _, seed := range []struct{ text, message string }{
		{"fields @timestamp, @message | filter @logStream = 'x' and not (a like /b\\/c/ or a in [1, \"2\"]) | sort a desc, b asc | limit 5", `{"a":1}`},
		{"parse @message 'a=* b=*' as a, b | parse a /(?<c>.)/ | stats count(*) as n, avg(c) by bin(5m), b | filter n > 1 | display n", "a=1 b=2"},
		{"filter ispresent(`a-b`) or toMillis(@timestamp) >= -1.5e3 # and\n| display a.b.0", `{"a":{"b":[true,null,"x"]}}`},
		{"fields coalesce(a, concat('x', b)) as c, strlen(@message) as n | stats pct(n, 99.9) as p, max(c) by bin(60m), c | sort p desc", `{"a":"1","b":2}`},
		{"|", ""}, {"/", ""}, {"`", ""}, {`"\`, ""}, {"filter a like /", "{"},
	} {
		f.Add(seed.text, seed.message)
	}
	f.Fuzz(func(t *testing.T, text, message string) {
		checkLike(t, text, message)
		q, err := insights.Parse(text)
		if err != nil {
			e, ok := errors.AsType[*insights.Error](err)
			if !ok || e.Message == "" || e.Start < 0 || e.End < e.Start || e.End > utf8.RuneCountInString(text) {
				t.Fatalf("Parse(%q): error %#v, want an *Error about a part of the query", text, err)
			}
			return
		}
		all := slices.Values(records(message, "b", message))
		once, again := q.Run(all, 2), q.Run(all, 2)
		if len(once.Rows) > 2 || once.Matched > 3 || !reflect.DeepEqual(once, again) {
			t.Fatalf("query %q on %q: %v, then %v", text, message, once, again)
		}
	})
}

// checkLike compares like with strings.Contains, unless the text needs an escape.
func checkLike(t *testing.T, text, message string) {
	t.Helper()
	if text == "" || strings.ContainsAny(text, `"\`) || !utf8.ValidString(text) {
		return
	}
	q, err := insights.Parse(`fields @message | filter @message like "` + text + `"`)
	if err != nil {
		return // it is too long
	}
	want := 0
	all := records(message, "b", message)
	for _, r := range all {
		if strings.Contains(r.Message, text) {
			want++
		}
	}
	if got := q.Run(slices.Values(all), 10); got.Matched != want {
		t.Errorf("%d messages are like %q in %q, want %d", got.Matched, text, message, want)
	}
}
