// Package pattern parses and applies the filter patterns of CloudWatch Logs, which FilterLogEvents and metric filters use.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
//
// Where that page leaves something open, the package behaves as AWS's TestMetricFilter and FilterLogEvents did in September 2026; the
// tests contain AWS's responses. It rejects patterns that neither covers.
package pattern

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxLength is the maximum length of a pattern in characters.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const MaxLength = 1024

// Pattern is a parsed filter pattern. It is safe for concurrent use.
type Pattern struct {
	matcher matcher
}

type matcher interface {
	match(message string) bool
}

// Parse parses a pattern: terms (ERROR -"bad request" or ?WARN ?ERROR), one %regular expression%, a condition on JSON
// ({ $.status >= 500 }), or the fields of a line ([..., status = 5*, bytes]). An empty pattern matches every event.
// All errors are of type *Error.
func Parse(text string) (*Pattern, error) {
	if utf8.RuneCountInString(text) > MaxLength {
		return nil, errInvalid
	}
	m, err := parse(strings.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	return &Pattern{matcher: m}, nil
}

func parse(text string) (matcher, error) {
	switch {
	case strings.HasPrefix(text, "{"):
		return parseJSON(text)
	case strings.HasPrefix(text, "["):
		return parseFields(text)
	case strings.HasPrefix(text, "%"):
		return parseRegex(text)
	default:
		return parseTerms(text)
	}
}

// Match reports whether the pattern matches a log event's message.
func (p *Pattern) Match(message string) bool {
	return p.matcher.match(message)
}

// Error is the reason why AWS would reject a pattern, in AWS's words. The API returns it as an InvalidParameterException.
type Error struct {
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// errInvalid is AWS's error for a pattern whose parts are valid but that is invalid as a whole.
var errInvalid = &Error{Message: "Invalid filter pattern"}

// badTerm returns AWS's error for a term with an invalid character, which is the last one of term.
func badTerm(term string) error {
	return &Error{Message: fmt.Sprintf("Invalid character(s) in term '%s'", term)}
}
