// Package pattern reads and applies the filter patterns of CloudWatch Logs: what FilterLogEvents and metric filters search by.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
//
// What that page leaves open is decided as AWS's TestMetricFilter and FilterLogEvents answered in September 2026 (the tests hold
// those answers); what neither settles is refused.
package pattern

import (
	"strings"
	"unicode/utf8"
)

// MaxLength is the longest pattern in characters.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const MaxLength = 1024

// Pattern decides which log events are wanted. It is safe for concurrent use.
type Pattern struct {
	matcher matcher
}

type matcher interface {
	match(message string) bool
}

// Parse reads a pattern: terms (ERROR -"bad request" or ?WARN ?ERROR), one %regular expression%, a condition on JSON
// ({ $.status >= 500 }), or fields of a line ([..., status = 5*, bytes]). An empty pattern matches every event.
// Every error is an *Error.
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

// Match tells whether the pattern matches a log event's message.
func (p *Pattern) Match(message string) bool {
	return p.matcher.match(message)
}
