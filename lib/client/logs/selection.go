package logs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Selection chooses lines of a stream. The zero value chooses all.
type Selection struct {
	Pattern string // a CloudWatch Logs filter pattern
	Source  string // app or heroku; empty: any
	Process string // web.1, or web for all of its dynos; empty: any
}

// query returns the filter pattern to search with. It may match more than the selection: it only avoids transferring lines that are not
// selected, and matches is exact.
func (s Selection) query() string {
	if s.Pattern != "" {
		return s.Pattern // CloudWatch Logs cannot combine patterns of different kinds
	}
	var terms []string
	for _, name := range s.names() {
		terms = append(terms, `"`+name+`"`)
	}
	return strings.Join(terms, " ")
}

// names returns the source and the process, as far as each line that is selected contains them in this form.
func (s Selection) names() []string {
	return slices.DeleteFunc([]string{s.Source, s.Process}, func(name string) bool { return name == "" || strings.ContainsAny(name, `"\`) })
}

// pageFor returns how many events to ask for if n are wanted.
func (s Selection) pageFor(n int) int {
	if s.byOrigin() {
		n = max(n, minPage)
	}
	return min(n, maxPage)
}

// byOrigin reports whether a line that matches the query may still not be selected.
func (s Selection) byOrigin() bool { return s.Source != "" || s.Process != "" }

// matches reports whether an event that matches the query is from the source and the process.
func (s Selection) matches(e Event) bool {
	if !s.byOrigin() {
		return true
	}
	l := ReadLine(e)
	source, process := string(l.Source), string(l.Process)
	return (s.Source == "" || source == s.Source) &&
		(s.Process == "" || process == s.Process || strings.HasPrefix(process, s.Process+"."))
}

// ByField reports whether the pattern selects JSON lines by their fields, and so matches no text line.
func (s Selection) ByField() bool { return strings.HasPrefix(strings.TrimSpace(s.Pattern), "{") }

// Joined returns the first word of the pattern with a - or ? inside it, such as heroku-postgres; empty if there is none. CloudWatch Logs reads
// it as several terms: heroku -postgres, which finds the lines that have the first and do not have the second.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
func (s Selection) Joined() string {
	pattern := strings.TrimSpace(s.Pattern)
	if pattern == "" || strings.ContainsRune("{[%", rune(pattern[0])) { // not a pattern of terms
		return ""
	}
	for pattern != "" {
		start := strings.TrimLeft(pattern, " \t-?")
		if rest, quoted := strings.CutPrefix(start, `"`); quoted {
			pattern = afterQuote(rest)
			continue
		}
		end := strings.IndexAny(start, ` "`)
		if end < 0 {
			end = len(start)
		}
		if word := start[:end]; strings.ContainsAny(strings.TrimRight(word, "-?"), "-?") {
			return word
		}
		pattern = start[end:]
	}
	return ""
}

// afterQuote returns what follows the closing quote of a phrase.
func afterQuote(text string) string {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[i+1:]
		}
	}
	return ""
}

// PatternError is the error of a selection whose pattern CloudWatch Logs rejected, or which a query cannot express.
type PatternError struct {
	Selection Selection
	Reason    string // as CloudWatch Logs puts it, or why a query cannot express it
	Err       error  // nil: it was not sent
}

func (e *PatternError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("the filter %s cannot be used: %s", e.Selection.Pattern, e.Reason)
	}
	return fmt.Sprintf("CloudWatch Logs rejected the filter %s: %s", e.Selection.Pattern, e.Reason)
}

// Unwrap returns the SDK's error.
func (e *PatternError) Unwrap() error { return e.Err }

// explain returns a failed search's error, as a *PatternError if the pattern is the cause.
func (s Selection) explain(err error) error {
	if malformed, ok := errors.AsType[*types.MalformedQueryException](err); ok && s.Pattern != "" {
		return &PatternError{Selection: s, Reason: malformed.ErrorMessage(), Err: err}
	}
	if invalid, ok := errors.AsType[*types.InvalidParameterException](err); ok && s.Pattern != "" {
		return &PatternError{Selection: s, Reason: invalid.ErrorMessage(), Err: err}
	}
	return err
}
