package strictjson

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// String reads a string. It is valid until the next call of a method. If it has no escapes, it is a part of the input.
func (r *Reader) String() ([]byte, error) {
	if !r.take('"') {
		return nil, r.wanted("a string")
	}
	text := r.text[:0]
	for first := true; ; first = false {
		n, ascii := plainLength(r.rest)
		plain := r.rest[:n]
		if !ascii && !utf8.Valid(plain) {
			return nil, r.failed("has invalid UTF-8")
		}
		if r.rest = r.rest[n:]; len(r.rest) == 0 {
			return nil, errEnd
		}
		if first && r.rest[0] == '"' {
			r.rest = r.rest[1:]
			return plain, nil
		}
		text = append(text, plain...)
		switch c := r.rest[0]; {
		case c == '"':
			r.rest, r.text = r.rest[1:], text
			return text, nil
		case c == '\\':
			var err error
			if text, err = r.escape(text); err != nil {
				return nil, err
			}
		default:
			return nil, r.failed("has a control character in a string")
		}
	}
}

// escape reads an escaped character, and appends it to text. Half of a surrogate pair is U+FFFD, as for encoding/json.
func (r *Reader) escape(text []byte) ([]byte, error) {
	if len(r.rest) < 2 {
		return nil, errEnd
	}
	c := r.rest[1]
	if c == 'u' {
		char, ok := hex(r.rest)
		if !ok {
			return nil, r.failed("has an invalid escape")
		}
		r.rest = r.rest[escapeLen:]
		if utf16.IsSurrogate(char) {
			low, _ := hex(r.rest)
			if char = utf16.DecodeRune(char, low); char != utf8.RuneError {
				r.rest = r.rest[escapeLen:]
			}
		}
		return utf8.AppendRune(text, char), nil
	}
	plain := escapes[c]
	if plain == 0 {
		return nil, r.failed("has an invalid escape")
	}
	r.rest = r.rest[2:]
	return append(text, plain), nil
}

// escapeLen is the length of an escape such as \u20ac.
const escapeLen = 6

// hex returns the character of such an escape at the beginning of text.
func hex(text []byte) (rune, bool) {
	if len(text) < escapeLen || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:escapeLen] {
		if !('0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f') {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(string(text[2:escapeLen]), 16, 16)
	return rune(n), err == nil
}

// escapes are the characters that stand for others after a backslash.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
