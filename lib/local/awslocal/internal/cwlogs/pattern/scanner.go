package pattern

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// scanner reads the text of a pattern.
type scanner struct {
	text string
	pos  int
}

func (s *scanner) done() bool { return s.pos >= len(s.text) }

func (s *scanner) rest() string { return s.text[s.pos:] }

func (s *scanner) skipSpace() {
	s.run(isSpace)
}

// take skips word if it is next, and reports whether it was.
func (s *scanner) take(word string) bool {
	if !strings.HasPrefix(s.rest(), word) {
		return false
	}
	s.pos += len(word)
	return true
}

// run reads the longest run of bytes of a kind.
func (s *scanner) run(kind func(byte) bool) string {
	start := s.pos
	for !s.done() && kind(s.text[s.pos]) {
		s.pos++
	}
	return s.text[start:s.pos]
}

// bad returns the error for the character at the position, in a term that starts at start.
func (s *scanner) bad(start int) error {
	if s.done() {
		return badTerm(s.text[start:])
	}
	_, size := utf8.DecodeRuneInString(s.rest())
	return badTerm(s.text[start : s.pos+size])
}

// quoted reads the "…" at the position. \" and \\ stand for a quote and a backslash; any other backslash stands for itself.
func (s *scanner) quoted() (string, error) {
	start := s.pos
	var b strings.Builder
	for s.pos++; !s.done(); s.pos++ {
		c := s.text[s.pos]
		if c == '"' {
			s.pos++
			return b.String(), nil
		}
		if c == '\\' && s.pos+1 < len(s.text) && (s.text[s.pos+1] == '"' || s.text[s.pos+1] == '\\') {
			s.pos++
			c = s.text[s.pos]
		}
		b.WriteByte(c)
	}
	return "", badTerm(s.text[start:])
}

// regex reads and compiles the %…% at the position.
func (s *scanner) regex() (*regexp.Regexp, error) {
	start := s.pos
	s.pos++
	body := s.run(isRegexByte)
	if body == "" || !s.take("%") {
		return nil, s.bad(start)
	}
	return compile(body)
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlphanumeric(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// isTermByte reports whether c may appear in a term without double quotes.
func isTermByte(c byte) bool { return isAlphanumeric(c) || c == '_' }
