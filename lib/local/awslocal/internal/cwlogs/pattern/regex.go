package pattern

import (
	"regexp"
	"strconv"
	"strings"
)

// maxRegexes is the largest number of regular expressions in a pattern on JSON or fields.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
const maxRegexes = 2

var (
	errRegex          = &Error{Message: "Failed to compile regular expression."}
	errTooManyRegexes = &Error{Message: "Your input has exceeded the maximum of 2 regular expressions per filter pattern."}
)

// quantifier matches {m} and {m,n}. The pattern allows omitting either number.
var quantifier = regexp.MustCompile(`^\{([0-9]*)(,?)([0-9]*)\}`)

type regex struct {
	*regexp.Regexp
}

func parseRegex(text string) (matcher, error) {
	s := &scanner{text: text}
	expression, err := s.regex()
	if err != nil {
		return nil, err
	}
	if !s.done() {
		return nil, errInvalid // nothing may follow the expression
	}
	return regex{expression}, nil
}

func (r regex) match(message string) bool { return r.MatchString(message) }

// isRegexByte reports whether c may appear in a regular expression: letters, digits, some symbols and the operators. Other characters are
// written as \xhh.
func isRegexByte(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte(`:_#=@/;,-^$?[]{}|\*+.`, c) >= 0
}

// compile compiles a regular expression in AWS's syntax, which is nearly a subset of Go's. It adds the 0 that {,n} omits, and rejects what
// only Go accepts: other escapes, and braces that are not quantifiers.
func compile(body string) (*regexp.Regexp, error) {
	var b strings.Builder
	var alternatives []string
	class := -1 // the start of the open […]
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '\\':
			size := escapeSize(body[i:])
			if size == 0 {
				return nil, errRegex
			}
			b.WriteString(body[i : i+size])
			i += size - 1
			continue
		case class >= 0:
			if c == ']' && body[class+1:i] != "" && body[class+1:i] != "^" {
				class = -1
			}
		case c == '[':
			class = i
		case c == '|': // there are no groups in which it could be
			alternatives = append(alternatives, b.String())
			b.Reset()
			continue
		case c == '{':
			m := quantifier.FindStringSubmatch(body[i:])
			if m == nil || m[1]+m[3] == "" {
				return nil, errRegex
			}
			if m[1] == "" {
				m[1] = "0"
			}
			b.WriteString("{" + m[1] + m[2] + m[3] + "}")
			i += len(m[0]) - 1
			continue
		}
		b.WriteByte(body[i])
	}
	expression, err := regexp.Compile("(?s)" + anyOf(append(alternatives, b.String()))) // a dot matches every character
	if err != nil {
		return nil, errRegex
	}
	return expression, nil
}

// anchored matches an expression that begins with ^, as far as it is not repeated.
var anchored = regexp.MustCompile(`^\^(?:[^*+?{]|$)`)

// anyOf returns an expression that matches what one of the alternatives matches. If all of them begin with ^, it does so as well: Go sees only
// then that it need not look beyond the start of a text, which is many times faster.
func anyOf(alternatives []string) string {
	rest := make([]string, len(alternatives))
	for i, text := range alternatives {
		if !anchored.MatchString(text) {
			return strings.Join(alternatives, "|")
		}
		rest[i] = text[1:]
	}
	return "^(?:" + strings.Join(rest, "|") + ")"
}

// escapeSize returns the length of the escape at the start of text, or 0 if AWS does not support it.
func escapeSize(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch c := text[1]; {
	case strings.IndexByte("dDsSwW", c) >= 0 || !isAlphanumeric(c):
		return 2
	case c == 'x' && len(text) >= 4:
		if code, err := strconv.ParseUint(text[2:4], 16, 8); err == nil && code < 0x80 {
			return 4
		}
	}
	return 0
}
