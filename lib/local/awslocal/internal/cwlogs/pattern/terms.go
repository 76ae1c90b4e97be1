package pattern

import "strings"

// terms matches events by the terms that they contain and do not contain.
type terms struct {
	required, excluded []string
	optional           []string // at least one must occur; empty if there are other terms, because AWS then ignores the optional ones
}

func parseTerms(text string) (matcher, error) {
	var t terms
	s := &scanner{text: text}
	for s.skipSpace(); !s.done(); s.skipSpace() {
		list := &t.required
		if s.take("-") {
			list = &t.excluded
		} else if s.take("?") {
			list = &t.optional
		}
		term, err := s.term()
		if err != nil {
			return nil, err
		}
		*list = append(*list, term)
	}
	if len(t.required)+len(t.excluded) > 0 {
		t.optional = nil
	}
	return t, nil
}

// term reads a word or a "phrase". As on AWS, an empty phrase is an error.
func (s *scanner) term() (string, error) {
	start := s.pos
	if !strings.HasPrefix(s.rest(), `"`) {
		if word := s.run(isTermByte); word != "" {
			return word, nil
		}
		if start > 0 && (s.done() || isSpace(s.text[s.pos])) {
			return "", badTerm(s.text[start-1 : start]) // a - or ? without a term
		}
		return "", s.bad(start)
	}
	phrase, err := s.quoted()
	if err == nil && phrase == "" {
		err = badTerm(`""`)
	}
	return phrase, err
}

func (t terms) match(message string) bool {
	for _, term := range t.excluded {
		if strings.Contains(message, term) {
			return false
		}
	}
	for _, term := range t.required {
		if !strings.Contains(message, term) {
			return false
		}
	}
	for _, term := range t.optional {
		if strings.Contains(message, term) {
			return true
		}
	}
	return len(t.optional) == 0
}
