// Package insights parses and runs queries in the query language of CloudWatch Logs Insights: the commands fields, display, filter, parse,
// stats, sort and limit, and the functions coalesce, concat, strlen, ispresent, toMillis and bin.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
//
// It rejects what it does not implement, such as other commands, functions and arithmetic. So a query either means what it means on AWS, or
// fails.
package insights

import (
	"fmt"
	"strings"
)

const (
	// MaxLength is the maximum length of a query in characters.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
	MaxLength = 10_000
	// DefaultLimit is how many rows a query returns without a limit, and the most that its command limit allows.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
	DefaultLimit = 10_000
	// timeForm is how results show times, in UTC.
	timeForm = "2006-01-02 15:04:05.000"
)

// Query is a parsed query. It is safe for concurrent use.
type Query struct {
	fields  []string // of the results; empty: all fields of stats, or else @timestamp and @message
	perRow  []step   // filter, parse and the functions of fields
	stats   *stats
	having  []step // filter after stats
	sort    []order
	limit   int // 0: none
	defined map[string]bool
}

// step keeps a row, and may add fields to it, or drops it.
type step func(*row) bool

// Error is the reason why AWS would reject a query. The API returns it as a MalformedQueryException.
type Error struct {
	Message    string
	Start, End int // the offending part, in characters from the start of the query
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Parse parses a query. All errors are of type *Error.
func Parse(text string) (*Query, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, tokens: tokens, query: &Query{defined: make(map[string]bool)}}
	if err := p.commands(); err != nil {
		return nil, err
	}
	return p.query, nil
}

// unexpected returns the error for a symbol that cannot stand where it is, in the form of AWS's message.
func unexpected(text string, t token) error {
	before := []rune(text)[:t.start]
	line := 1 + strings.Count(string(before), "\n")
	column := len(before)
	if newline := strings.LastIndex(string(before), "\n"); newline >= 0 {
		column = len([]rune(string(before)[newline+1:]))
	}
	shown := t.source
	if t.kind == end {
		shown = "<EOF>"
	}
	return &Error{Message: fmt.Sprintf("unexpected symbol found %s at line %d and position %d", shown, line, column+1), Start: t.start, End: t.end}
}

// problem returns the error for a symbol that has a wrong value.
func problem(t token, format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...), Start: t.start, End: t.end}
}
