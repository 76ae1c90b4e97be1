package strictjson

import "math/bits"

const hexDigits = "0123456789abcdef"

// AppendString appends a text as a JSON string with only the escapes that JSON requires, so that it stays readable and short. The text must be valid
// UTF-8. https://www.rfc-editor.org/rfc/rfc8259#section-7
func AppendString[T string | []byte](dst []byte, text T) []byte {
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

// Width returns the number of bytes that a byte of a text takes in a JSON string.
func Width(c byte) int {
	switch {
	case c >= ' ' && c != '"' && c != '\\':
		return 1
	case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
		return 2
	}
	return len(`\u0000`)
}

// plainLength returns how many bytes at the beginning of a text need no escape. It reads eight at a time, because texts have up to a megabyte.
// https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
func plainLength[T string | []byte](text T) int {
	const (
		each = 0x0101010101010101 // a byte's value times this is eight such bytes
		high = 0x80 * each
	)
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		t := text[n : n+8]
		word := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 | uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		quotes, backslashes := word^'"'*each, word^'\\'*each
		// The lowest of the high bits that are set is that of the first byte below 0x20, or of the first zero.
		found := ((word-0x20*each)&^word | (quotes-each)&^quotes | (backslashes-each)&^backslashes) & high
		if found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(text) && Width(text[n]) == 1 {
		n++
	}
	return n
}
