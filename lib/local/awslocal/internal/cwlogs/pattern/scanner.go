package pattern

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// scanner walks through a pattern's text.
type scanner struct {
	text string
	pos  int
}

func (s *scanner) done() bool { return s.pos >= len(s.text) }

func (s *scanner) rest() string { return s.text[s.pos:] }

func (s *scanner) skipSpace() {
	s.run(isSpace)
}

// take steps over word, if it is next.
func (s *scanner) take(word string) bool {
	if !strings.HasPrefix(s.rest(), word) {
		return false
	}
	s.pos += len(word)
	return true
}

// run steps over as many bytes of a kind as there are, and returns them.
func (s *scanner) run(kind func(byte) bool) string {
	start := s.pos
	for !s.done() && kind(s.text[s.pos]) {
		s.pos++
	}
	return s.text[start:s.pos]
}

// bad is the error for the character at the position, in a term that began at start.
func (s *scanner) bad(start int) error {
	if s.done() {
		return badTerm(s.text[start:])
	}
	_, size := utf8.DecodeRuneInString(s.rest())
	return badTerm(s.text[start : s.pos+size])
}

// quoted reads the "…" that is next. \" and \\ stand for the characters themselves; any other backslash is itself.
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

// regex reads and compiles the %…% that is next.
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

// isTermByte: everything else has to stand in double quotes.
func isTermByte(c byte) bool { return isAlphanumeric(c) || c == '_' }
