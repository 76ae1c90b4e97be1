package strictjson

import (
	"encoding/binary"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// String reads a string. It is valid until the next call of a method. If it has neither escapes nor characters beyond ASCII, it is a part of the input.
func (r *Reader) String() ([]byte, error) {
	if !r.take('"') {
		return nil, r.wanted("a string")
	}
	n := plain(r.rest)
	if n < len(r.rest) && r.rest[n] == '"' {
		text := r.rest[:n]
		r.rest = r.rest[n+1:]
		return text, nil
	}
	text := r.text[:0]
	for {
		n := plain(r.rest)
		text = append(text, r.rest[:n]...)
		if r.rest = r.rest[n:]; len(r.rest) == 0 {
			return nil, errEnd
		}
		switch c := r.rest[0]; {
		case c == '"':
			r.rest, r.text = r.rest[1:], text
			return text, nil
		case c == '\\':
			var err error
			if text, err = r.escape(text); err != nil {
				return nil, err
			}
		case c < ' ':
			return nil, r.failed("has a control character in a string")
		default:
			char, size := utf8.DecodeRune(r.rest)
			if char == utf8.RuneError && size <= 1 {
				return nil, r.failed("has invalid UTF-8")
			}
			text = append(text, r.rest[:size]...)
			r.rest = r.rest[size:]
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

// plain returns how many bytes at the beginning of a text stand for themselves in a string: ASCII, but no quote, backslash or control character.
// It looks at eight bytes at a time, because the body of a POST is thousands of them. See isPlain.
func plain(text []byte) int {
	n := 0
	for len(text)-n >= 8 && special(binary.LittleEndian.Uint64(text[n:])) == 0 {
		n += 8
	}
	for n < len(text) && isPlain(text[n]) {
		n++
	}
	return n
}

func isPlain(c byte) bool { return ' ' <= c && c < utf8.RuneSelf && c != '"' && c != '\\' }

// special returns 0 if isPlain is true for each of the eight bytes.
// https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
func special(word uint64) uint64 {
	const ones, highBits = 0x0101010101010101, 0x8080808080808080
	quote, backslash := word^ones*'"', word^ones*'\\'
	return (word | (word-ones*' ')&^word | (quote-ones)&^quote | (backslash-ones)&^backslash) & highBits
}
