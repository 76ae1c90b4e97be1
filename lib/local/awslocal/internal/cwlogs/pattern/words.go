package pattern

import "strings"

// word is one field of a line.
type word struct {
	text  string // without enclosing brackets or quotes
	start int    // the index in the line, including the bracket or quote
}

// split splits a line at white space. […] and "…" are single fields. A bracket or quote that is not closed is an ordinary character.
func split(line string) []word {
	var words []word
	s := &scanner{text: line}
	for s.skipSpace(); !s.done(); s.skipSpace() {
		start := s.pos
		if text, ok := s.enclosed(); ok {
			words = append(words, word{text: text, start: start})
			continue
		}
		text := s.run(func(c byte) bool { return !isSpace(c) })
		words = append(words, word{text: text, start: start})
	}
	return words
}

// enclosed reads a field in brackets or quotes. It returns false if none is next.
func (s *scanner) enclosed() (string, bool) {
	var closing string
	switch s.text[s.pos] {
	case '[':
		closing = "]"
	case '"':
		closing = `"`
	default:
		return "", false
	}
	text, rest, closed := strings.Cut(s.text[s.pos+1:], closing)
	if !closed || rest != "" && !isSpace(rest[0]) {
		return "", false
	}
	s.pos = len(s.text) - len(rest)
	return text, true
}
