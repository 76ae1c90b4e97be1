package expr

import (
	"strings"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// kind is what a token is.
type kind int

const (
	end       kind = iota
	word           // an attribute name, the name of a function, or a keyword
	nameRef        // such as #name
	valueRef       // such as :value
	number         // an index
	operator       // a comparator or punctuation
	character      // one that no expression has
)

type token struct {
	kind       kind
	text       string
	start, end int // in the expression
}

// is reports whether the token is a keyword, in any case, or an operator.
func (t token) is(text string) bool {
	return t.kind == operator && t.text == text || t.kind == word && strings.EqualFold(t.text, text)
}

// tokenize splits an expression. The last token is the end.
func tokenize(text string) []token {
	var tokens []token
	for at := 0; at < len(text); {
		if strings.IndexByte(" \t\r\n", text[at]) >= 0 {
			at++
			continue
		}
		t := token{kind: character, start: at, end: at + 1}
		switch c := text[at]; {
		case letter(c) || c == '_':
			t.kind = word
		case c == '#':
			t.kind = nameRef
		case c == ':':
			t.kind = valueRef
		case digit(c):
			t.kind = number
		case strings.IndexByte("=<>(),.[]", c) >= 0:
			t.kind = operator
			if two := text[at:min(at+2, len(text))]; two == "<>" || two == "<=" || two == ">=" {
				t.end++
			}
		}
		for t.kind != operator && t.kind != character && t.end < len(text) && (digit(text[t.end]) || t.kind != number && wordByte(text[t.end])) {
			t.end++
		}
		t.text = text[t.start:t.end]
		tokens = append(tokens, t)
		at = t.end
	}
	return append(tokens, token{kind: end, text: "<EOF>", start: len(text), end: len(text)})
}

func letter(c byte) bool   { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool    { return c >= '0' && c <= '9' }
func wordByte(c byte) bool { return letter(c) || digit(c) || c == '_' }

// syntaxError is the error of an expression that cannot be read from the token at an index on. DynamoDB shows the tokens beside it.
func syntaxError(text string, tokens []token, at int) error {
	from, to := tokens[max(at-1, 0)], tokens[min(at+1, len(tokens)-1)]
	return attr.Errorf("Syntax error; token: %q, near: %q", tokens[at].text, text[from.start:to.end])
}
