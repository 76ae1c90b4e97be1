package pattern_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/pattern"
)

// The expected results are AWS's own (from TestMetricFilter and FilterLogEvents in us-east-1 in September 2026, published by
// radkawar/stackd) or examples from AWS's page on filter patterns. Tests with other expectations say so.

func TestParseRejectsLongPatterns(t *testing.T) {
	longest := strings.Repeat("é", pattern.MaxLength-2)
	if _, err := pattern.Parse(`"` + longest + `"`); err != nil {
		t.Errorf("a pattern of %d characters: %v", pattern.MaxLength, err)
	}
	if _, err := pattern.Parse(`"` + longest + `x"`); err == nil {
		t.Errorf("a pattern of %d characters was accepted", pattern.MaxLength+1)
	}
}

// checkMatches checks which of the messages a pattern matches.
func checkMatches(t *testing.T, text string, messages, want []string) {
	t.Helper()
	p, err := pattern.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	var got []string
	for _, message := range messages {
		if p.Match(message) {
			got = append(got, message)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pattern %q matches (-want +got):\n%s", text, diff)
	}
}

// checkRejected checks the error messages for invalid patterns.
func checkRejected(t *testing.T, wants map[string]string) {
	t.Helper()
	for text, want := range wants {
		_, err := pattern.Parse(text)
		rejected, ok := errors.AsType[*pattern.Error](err)
		if !ok {
			t.Errorf("Parse(%q) = %v, want an *Error", text, err)
			continue
		}
		if rejected.Message != want {
			t.Errorf("Parse(%q): %s\nwant %s", text, rejected.Message, want)
		}
	}
}

// except returns the messages without some of them.
func except(messages []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(messages), func(m string) bool { return slices.Contains(some, m) })
}
