package logformat

import (
	"encoding/binary"
	"math/bits"
)

const hexDigits = "0123456789abcdef"

// appendString appends a text as a JSON string with only the escapes that JSON requires, so that the event stays readable and short.
// The text must be valid UTF-8. https://www.rfc-editor.org/rfc/rfc8259#section-7
func appendString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for {
		n := plainLength(text)
		dst = append(dst, text[:n]...)
		if n == len(text) {
			return append(dst, '"')
		}
		switch c := text[n]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
		text = text[n+1:]
	}
}

// plainLength returns how many bytes at the beginning of a text need no escape. It reads eight at a time.
func plainLength(text []byte) int {
	const (
		each = 0x0101010101010101 // a byte's value times this is eight such bytes
		high = 0x80 * each
	)
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		word := binary.LittleEndian.Uint64(text[n:])
		quotes, backslashes := word^'"'*each, word^'\\'*each
		// The lowest of the high bits that are set is that of the first byte below 0x20, or of the first zero.
		found := ((word-0x20*each)&^word | (quotes-each)&^quotes | (backslashes-each)&^backslashes) & high
		if found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(text) && stringWidth(text[n]) == 1 {
		n++
	}
	return n
}

// stringWidth returns the number of bytes that a byte takes in a JSON string.
func stringWidth(c byte) int {
	switch {
	case c >= ' ' && c != '"' && c != '\\':
		return 1
	case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
		return 2
	}
	return len(`\u0000`)
}
