package pattern_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal/internal/cwlogs/pattern"
)

// The expectations are AWS's own answers (TestMetricFilter and FilterLogEvents, us-east-1, September 2026, recorded in public by
// radkawar/stackd), or the examples of the page on filter patterns; where they are neither, the test says so.

func TestParseRefusesLongPatterns(t *testing.T) {
	longest := strings.Repeat("é", pattern.MaxLength-2)
	if _, err := pattern.Parse(`"` + longest + `"`); err != nil {
		t.Errorf("a pattern of %d characters: %v", pattern.MaxLength, err)
	}
	if _, err := pattern.Parse(`"` + longest + `x"`); err == nil {
		t.Errorf("a pattern of %d characters was taken", pattern.MaxLength+1)
	}
}

// checkMatches compares which of the messages the pattern matches.
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

// checkRefused compares the errors of patterns that are none.
func checkRefused(t *testing.T, wants map[string]string) {
	t.Helper()
	for text, want := range wants {
		_, err := pattern.Parse(text)
		var refused *pattern.Error
		if !errors.As(err, &refused) {
			t.Errorf("Parse(%q) = %v, want an *Error", text, err)
			continue
		}
		if refused.Message != want {
			t.Errorf("Parse(%q): %s\nwant %s", text, refused.Message, want)
		}
	}
}

// except is all of the messages but some.
func except(messages []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(messages), func(m string) bool { return slices.Contains(some, m) })
}
