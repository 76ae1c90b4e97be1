package logs

import (
	"regexp"
	"strings"
)

// query returns the filter pattern to search with. It may match more than the selection: it only avoids transferring lines that are not
// selected, and matches is exact. CloudWatch Logs can combine terms, but neither with a regular expression nor with conditions on fields, and it
// ignores optional terms (?term) beside others.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
func (s Selection) query() string {
	pattern := strings.TrimSpace(s.Pattern)
	if p, valid := s.pattern(); valid && p.loose {
		pattern = p.search()
	}
	var terms []string
	switch {
	case pattern == "" && s.RequestID == "":
		return s.ownQuery()
	case pattern != "" && (strings.ContainsRune("{[%", rune(pattern[0])) || strings.Contains(pattern, "?")):
		return pattern
	case pattern != "":
		terms = []string{pattern}
	}
	if s.RequestID != "" {
		terms = append(terms, `"`+s.RequestID+`"`)
	}
	for _, name := range s.names() {
		terms = append(terms, `"`+name+`"`)
	}
	return strings.Join(terms, " ")
}

// ownQuery is query for a selection without a pattern and a request ID: by what is likely to select the fewest lines.
func (s Selection) ownQuery() string {
	if found := s.expressions(); len(found) > 0 {
		return "%" + found[0] + "%"
	}
	if terms := s.Level.terms(); terms != "" {
		return terms
	}
	if text := s.origin(); text != "" {
		return "%" + text + "%"
	}
	var terms []string
	for _, name := range s.names() {
		terms = append(terms, `"`+name+`"`)
	}
	return strings.Join(terms, " ")
}

// plainName matches names that mean themselves in a regular expression, apart from dots.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// origin returns a regular expression for the source and the process; "" if they have characters that it cannot have.
func (s Selection) origin() string {
	if !s.byOrigin() || s.Source != "" && !plainName.MatchString(s.Source) || s.Process != "" && !plainName.MatchString(s.Process) {
		return ""
	}
	text, object := `^[^\[]*\[`, `^\{`
	if s.Source != "" {
		text, object = `^`+regexp.QuoteMeta(s.Source)+`\[`, object+`.*\x22source\x22:\x22`+regexp.QuoteMeta(s.Source)+`\x22`
	}
	if s.Process != "" {
		process := regexp.QuoteMeta(s.Process)
		text, object = text+process+`[.\]]`, object+`.*\x22process\x22:\x22`+process+`[.\x22]`
	}
	return text + "|" + object
}

// expressions returns regular expressions that each selected line matches, in the syntax of CloudWatch Logs's filter patterns, which Logs
// Insights has as well: without groups. The first selects the fewest lines.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
func (s Selection) expressions() []string {
	var found []string
	if s.SlowerThan > 0 {
		took := strings.Repeat(`\d`, digits(s.SlowerThan.Milliseconds()))
		found = append(found, `\x20service=`+took+`|\x22service\x22:`+took)
	}
	if len(s.Status) > 0 {
		found = append(found, s.Status.expression())
	}
	return found
}

// digits returns the number of digits of n.
func digits(n int64) int {
	count := 1
	for ; n >= 10; n /= 10 {
		count++
	}
	return count
}

// ByField reports whether the pattern selects JSON lines by their fields, and so matches no text line.
func (s Selection) ByField() bool { return strings.HasPrefix(strings.TrimSpace(s.Pattern), "{") }

// sometimes matches the members that JSON lines have only if the rest of the event does not say the same.
var sometimes = regexp.MustCompile(`\$\.(message|app|time|severity)\b`)

// Sometimes returns the first member in a pattern by fields that not every JSON line has, such as $.message; empty if there is none.
func (s Selection) Sometimes() string {
	if !s.ByField() {
		return ""
	}
	return sometimes.FindString(s.Pattern)
}

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
