package logformat

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Pairs calls add for the pairs of a line such as `at=info path="/a b" connect= status=200` that have a name and a value. This is logfmt,
// read as tolerantly as Heroku writes it, because the path of a request can contain anything:
//
//   - A pair that cannot be read is skipped, alone: one without a name, with quotes or U+FFFD in its name, or whose quoted value has no end.
//   - A value that is not quoted may contain quotes and equals signs: path=/search?q="a".
//   - A quoted value with a backslash before anything but what JSON escapes stays as it is: path="/..\..\win.ini".
//   - A quoted value may contain quotes that are not escaped: path="/a"b". See closingQuote.
//
// The time taken is linear in the length of the line.
func Pairs(message []byte, add func(name, value []byte)) {
	line, _, _ := bytes.Cut(message, []byte("\n"))
	s := pairScanner{line: line}
	for s.next() {
		if len(s.value) > 0 && readableName(s.name) {
			add(s.name, s.value)
		}
	}
}

// pairScanner reads the pairs of one line.
type pairScanner struct {
	line        []byte
	at          int
	name, value []byte // the last pair; either may be empty

	// closing is what lastQuote found: there is no other between the start of that search and this position, so no byte is searched twice.
	closing int
}

// next reads the next pair, or word without an equals sign, and reports whether there was one.
func (s *pairScanner) next() bool {
	for s.at < len(s.line) && isSpace(s.line[s.at]) {
		s.at++
	}
	if s.at == len(s.line) {
		return false
	}
	end := s.at
	for end < len(s.line) && !isSpace(s.line[end]) && s.line[end] != '=' {
		end++
	}
	s.name, s.value, s.at = s.line[s.at:end], nil, end
	if end < len(s.line) && s.line[end] == '=' {
		s.at++
		s.readValue()
	}
	return true
}

// readValue reads the value at the current position.
func (s *pairScanner) readValue() {
	if s.at < len(s.line) && s.line[s.at] == '"' {
		if end, escaped := s.closingQuote(); end > 0 {
			s.value, s.at = s.line[s.at+1:end], end+1
			if escaped {
				s.value = unescape(s.value)
			}
			return
		}
		s.skipWord() // the value's other words are read as words of the line
		return
	}
	start := s.at
	s.skipWord()
	s.value = s.line[start:s.at]
}

func (s *pairScanner) skipWord() {
	for s.at < len(s.line) && !isSpace(s.line[s.at]) {
		s.at++
	}
}

// closingQuote returns the position of the quote that ends the value whose opening quote is at the current position, or 0 if there is none,
// and whether backslashes escape characters of the value.
//
// That is the first quote without a backslash before it, if a space or the end of the line follows, as in every line that is written
// correctly. Otherwise the value's quotes and backslashes are not escaped, and it is the first quote before a space or the end, unless another
// quoted value begins before it: then the value was never closed.
func (s *pairScanner) closingQuote() (end int, escaped bool) {
	end, escaped = s.unescapedQuote()
	if end < len(s.line) && s.endsWord(end) {
		return end, escaped
	}
	end = s.lastQuote()
	if end == len(s.line) || opensValue(s.line[s.at+1:end]) {
		return 0, false
	}
	return end, false
}

// unescapedQuote returns the position of the next quote without a backslash before it, or the length of the line, and whether there are
// backslashes on the way.
func (s *pairScanner) unescapedQuote() (at int, escaped bool) {
	for at = s.at + 1; at < len(s.line) && s.line[at] != '"'; at++ {
		if s.line[at] == '\\' {
			escaped = true
			at++
		}
	}
	return min(at, len(s.line)), escaped
}

// lastQuote returns the position of the next quote that ends a word, or the length of the line.
func (s *pairScanner) lastQuote() int {
	s.closing = max(s.closing, s.at+1)
	for s.closing < len(s.line) && !(s.line[s.closing] == '"' && s.endsWord(s.closing)) {
		s.closing++
	}
	return s.closing
}

// endsWord reports whether a space or the end of the line follows the position.
func (s *pairScanner) endsWord(at int) bool { return at+1 == len(s.line) || isSpace(s.line[at+1]) }

// opensValue reports whether the text contains a space, a name, an equals sign and a quote.
func opensValue(text []byte) bool {
	named := false // the text before i is a space and a name
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case isSpace(c), c == '"':
			named = false
		case c != '=':
			named = named || isSpace(text[i-1])
		case named && i+1 < len(text) && text[i+1] == '"':
			return true
		default:
			named = false
		}
	}
	return false
}

// unescape returns the text of a quoted value with backslashes, or the value as it is if they do not escape anything.
func unescape(value []byte) []byte {
	var text string
	quoted := append(append([]byte{'"'}, value...), '"')
	if json.Unmarshal(quoted, &text) != nil {
		return value
	}
	return []byte(text)
}

func readableName(name []byte) bool {
	plain := len(name) > 0
	for _, c := range name {
		plain = plain && c != '"' && c < utf8.RuneSelf
	}
	if plain {
		return true // the usual case
	}
	return len(name) > 0 && bytes.IndexByte(name, '"') < 0 && !bytes.ContainsRune(name, utf8.RuneError)
}

// isSpace reports whether a character is a space in logfmt.
func isSpace(c byte) bool { return c <= ' ' }
