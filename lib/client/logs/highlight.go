package logs

import (
	"regexp"
	"strings"
)

// Highlight returns a regular expression for what a line was selected by: the words of the pattern, or the regular expression in it, and the
// request ID; nil if there is none.
func (s Selection) Highlight() *regexp.Regexp {
	var found []string
	if s.RequestID != "" {
		found = append(found, regexp.QuoteMeta(s.RequestID))
	}
	pattern := strings.TrimSpace(s.Pattern)
	if body, ok := strings.CutPrefix(pattern, "%"); ok {
		found = append(found, "(?:"+strings.TrimSuffix(body, "%")+")")
		pattern = ""
	}
	for pattern != "" && !strings.ContainsRune("{[", rune(pattern[0])) {
		excluded := pattern[0] == '-'
		word, rest, ok := cutWord(strings.TrimLeft(pattern, "-?"))
		if !ok {
			break
		}
		if !excluded {
			found = append(found, regexp.QuoteMeta(word))
		}
		pattern = strings.TrimSpace(rest)
	}
	if len(found) == 0 {
		return nil
	}
	expression, err := regexp.Compile(strings.Join(found, "|"))
	if err != nil { // CloudWatch Logs rejects it, too, and says why
		return nil
	}
	return expression
}
