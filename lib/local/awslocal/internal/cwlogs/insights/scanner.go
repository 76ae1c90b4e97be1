package insights

import (
	"strings"
	"unicode"
)

type kind int

const (
	end     kind = iota
	word         // a name, a keyword or a number
	quoted       // a name in backticks
	literal      // text in quotes
	regex        // /…/
	symbol
)

// token is a symbol of a query.
type token struct {
	kind       kind
	text       string // the value: without quotes, escapes resolved
	source     string // as it stands in the query
	start, end int    // in characters
}

// is reports whether the token is a keyword or a symbol. Keywords may be in any case.
func (t token) is(text string) bool {
	return t.kind == word && strings.EqualFold(t.text, text) || t.kind == symbol && t.text == text
}

var symbols = []string{"!=", "<=", ">=", "=~", "|", ",", "(", ")", "[", "]", "=", "<", ">", "*"}

// scan splits a query into tokens, the last of which is of kind end.
func scan(text string) ([]token, error) {
	var tokens []token
	chars := []rune(text)
	for at := 0; ; {
		at = skipSpace(chars, at)
		if at == len(chars) {
			return append(tokens, token{kind: end, start: at, end: at}), nil
		}
		t, next := scanToken(chars, at)
		if next == at {
			bad := token{kind: symbol, source: string(chars[at]), start: at, end: at + 1}
			return nil, unexpected(text, bad)
		}
		t.source, t.start, t.end = string(chars[at:next]), at, next
		tokens = append(tokens, t)
		at = next
	}
}

// skipSpace skips white space and comments, which reach from # to the end of the line.
func skipSpace(chars []rune, at int) int {
	for comment := false; at < len(chars); at++ {
		switch {
		case chars[at] == '\n':
			comment = false
		case chars[at] == '#':
			comment = true
		case !comment && !unicode.IsSpace(chars[at]):
			return at
		}
	}
	return at
}

// scanToken returns the token at a position and the position after it, which is the same if there is no token.
func scanToken(chars []rune, at int) (token, int) {
	switch c := chars[at]; {
	case c == '"' || c == '\'':
		text, next := enclosed(chars, at, func(next rune) bool { return next == c || next == '\\' })
		return token{kind: literal, text: text}, next
	case c == '/':
		text, next := enclosed(chars, at, func(next rune) bool { return next == '/' })
		return token{kind: regex, text: text}, next
	case c == '`':
		text, next := enclosed(chars, at, func(rune) bool { return false })
		return token{kind: quoted, text: text}, next
	case isNameChar(c), c == '-' && at+1 < len(chars) && '0' <= chars[at+1] && chars[at+1] <= '9':
		next := at + 1
		for next < len(chars) && isNameChar(chars[next]) {
			next++
		}
		return token{kind: word, text: string(chars[at:next])}, next
	}
	for _, s := range symbols {
		if strings.HasPrefix(string(chars[at:min(at+len(s), len(chars))]), s) {
			return token{kind: symbol, text: s}, at + len(s)
		}
	}
	return token{}, at
}

// enclosed reads text up to the next character that is the same as the first one. A backslash before a character that is escaped stands for
// that character, and any other one for itself.
func enclosed(chars []rune, at int, escaped func(rune) bool) (string, int) {
	var b strings.Builder
	for i := at + 1; i < len(chars); i++ {
		switch {
		case chars[i] == chars[at]:
			return b.String(), i + 1
		case chars[i] == '\\' && i+1 < len(chars):
			i++
			if !escaped(chars[i]) {
				b.WriteRune('\\')
				if chars[i] == chars[at] {
					return b.String(), i + 1
				}
			}
		}
		b.WriteRune(chars[i])
	}
	return "", at
}

// isNameChar reports whether c may be in a name without backticks.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Guidelines.html
func isNameChar(c rune) bool {
	return c == '@' || c == '.' || c == '_' || c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c))
}
