package alert

import (
	"bytes"
	"encoding/json"
)

// member returns the value of a member of a JSON object, of the last one if there are several of that name, as encoding/json does. It checks no
// more of the text than it needs, and needs no memory unless the name is written with escapes.
func member(object []byte, name string) (value []byte, found bool) {
	s := memberScanner{text: object}
	if !s.skip('{') {
		return nil, false
	}
	for {
		key, ok := s.value()
		if !ok || len(key) < 2 || key[0] != '"' || !s.skip(':') {
			return value, found
		}
		v, ok := s.value()
		if !ok {
			return value, found
		}
		if isName(key, name) {
			value, found = v, true
		}
		if !s.skip(',') {
			return value, found
		}
	}
}

// isName reports whether a string of JSON is the name.
func isName(key []byte, name string) bool {
	if bytes.IndexByte(key, '\\') < 0 {
		return string(key[1:len(key)-1]) == name
	}
	var text string
	return json.Unmarshal(key, &text) == nil && text == name
}

// memberScanner reads the values of a JSON text.
type memberScanner struct {
	text []byte
	at   int
}

// skip skips spaces and then the character. It reports whether that was there.
func (s *memberScanner) skip(c byte) bool {
	s.spaces()
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *memberScanner) spaces() {
	for s.at < len(s.text) && isJSONSpace(s.text[s.at]) {
		s.at++
	}
}

func isJSONSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// value skips a value, and returns it.
func (s *memberScanner) value() ([]byte, bool) {
	s.spaces()
	start, depth := s.at, 0
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case '"':
			if !s.string() {
				return nil, false
			}
			if depth == 0 {
				return s.text[start:s.at], true
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.at++
				return s.text[start:s.at], true
			}
			if depth < 0 {
				return s.text[start:s.at], s.at > start
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return s.text[start:s.at], s.at > start
			}
		}
		s.at++
	}
	return s.text[start:], depth == 0 && s.at > start
}

// string skips a string, and reports whether it has an end.
func (s *memberScanner) string() bool {
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return true
		}
	}
	return false
}

// textOf returns a value of JSON as the text that patterns apply to: a string without its quotes, and anything else as it is written.
func textOf(value []byte) []byte {
	if value[0] != '"' {
		return value
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1]
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		return value[1 : len(value)-1]
	}
	return []byte(text)
}
