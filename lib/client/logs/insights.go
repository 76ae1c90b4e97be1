package logs

import (
	"regexp"
	"strings"
)

// insights returns a query for the selected events of some streams, up to its last condition. Like query, it may match more than the selection.
//
// It uses only what both formats of lines and both log classes have: the fields that CloudWatch Logs discovers in JSON lines are not among that.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
func (s Selection) insights(streams []string) (string, error) {
	conditions := []string{oneOf(streams)}
	for _, name := range s.names() {
		conditions = append(conditions, contains(name))
	}
	if s.RequestID != "" {
		conditions = append(conditions, contains(s.RequestID))
	}
	for _, expression := range append(s.expressions(), s.Level.expression()) {
		if expression != "" {
			conditions = append(conditions, matching(expression))
		}
	}
	pattern, err := s.patternConditions()
	if err != nil {
		return "", err
	}
	return "fields @timestamp, @logStream, @message, @ingestionTime | filter " + strings.Join(append(conditions, pattern...), " and "), nil
}

// patternConditions returns the conditions for the pattern: words, each of which a line must contain, must not contain (-word), or may contain
// instead of others (?word), or one %regular expression%.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
func (s Selection) patternConditions() ([]string, error) {
	text := strings.TrimSpace(s.Pattern)
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return nil, &PatternError{Selection: s, Reason: "in the log class Infrequent Access, a filter can have words and a regular expression, but not fields"}
	}
	p, valid := s.pattern()
	if body, ok := strings.CutPrefix(text, "%"); ok {
		body, closed := strings.CutSuffix(body, "%")
		switch {
		case !closed || body == "" || strings.Contains(body, "%"):
			return nil, &PatternError{Selection: s, Reason: "a regular expression stands alone between two percent signs"}
		case !valid:
			return []string{matching(body)}, nil // CloudWatch Logs says what is wrong
		}
		return []string{matching(body + "|" + leanEvents)}, nil
	}
	if !valid {
		return nil, &PatternError{Selection: s, Reason: "it has a word that is empty, or has an unexpected character"}
	}
	var conditions, options []string
	for _, w := range p.signed(0) {
		for _, fragment := range w.fragments {
			conditions = append(conditions, contains(fragment))
		}
	}
	for _, w := range p.signed('-') {
		conditions = append(conditions, "not "+contains(w.text))
	}
	for _, fragment := range p.optionFragments() {
		options = append(options, contains(fragment))
	}
	if len(options) > 0 {
		conditions = append(conditions, "("+strings.Join(options, " or ")+")")
	}
	return conditions, nil
}

// plainWord matches a word that needs no quotes.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_]+`)

// quotedWord matches a word in quotes, in which \" and \\ stand for a quote and a backslash.
var quotedWord = regexp.MustCompile(`^"((?:[^"\\]|\\.)+)"`)

var unquote = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// cutWord returns the word at the start of a pattern, and what follows it. As in CloudWatch Logs, no space is needed between two words.
func cutWord(text string) (word, rest string, ok bool) {
	if m := quotedWord.FindStringSubmatch(text); m != nil {
		return unquote.Replace(m[1]), text[len(m[0]):], true
	}
	word = plainWord.FindString(text)
	return word, text[len(word):], word != ""
}

// contains returns the condition that a line contains a text.
func contains(text string) string { return matching(regexp.QuoteMeta(text)) }

// matching returns the condition that a line matches a regular expression, in which slashes may be escaped or not.
func matching(expression string) string {
	var b strings.Builder
	escaped := false
	for _, c := range expression {
		if c == '/' && !escaped {
			b.WriteByte('\\')
		}
		escaped = c == '\\' && !escaped
		b.WriteRune(c)
	}
	return "@message like /" + b.String() + "/"
}

// quote returns a text as a literal of a query.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// oneOf returns the condition that a line is in one of the streams.
func oneOf(streams []string) string {
	quoted := make([]string, len(streams))
	for i, name := range streams {
		quoted[i] = quote(name)
	}
	if len(quoted) == 1 {
		return "@logStream = " + quoted[0]
	}
	return "@logStream in [" + strings.Join(quoted, ", ") + "]"
}
