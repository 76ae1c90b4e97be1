package strictjson

import "math/bits"

// Texts are looked at eight bytes at a time, because they have up to a megabyte.
const (
	wordSize = 8
	each     = 0x0101010101010101 // a byte's value times this is eight such bytes
	high     = 0x80 * each        // is in each byte that is not ASCII
)

// wordOf returns the first eight bytes of a text, the first one as the lowest.
func wordOf[T string | []byte](text T) uint64 {
	t := text[:wordSize]
	return uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 | uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
}

// specials returns 0 if no byte of the word needs an escape in a JSON string. Otherwise its lowest bit that is set is the highest of the first such byte.
// https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
func specials(word uint64) uint64 {
	quotes, backslashes := word^'"'*each, word^'\\'*each
	return ((word-0x20*each)&^word | (quotes-each)&^quotes | (backslashes-each)&^backslashes) & high
}

// plainLength returns how many bytes at the beginning of a text need no escape, and whether they are surely ASCII.
func plainLength(text []byte) (n int, ascii bool) {
	var all uint64
	for ; len(text)-n >= wordSize; n += wordSize {
		word := wordOf(text[n:])
		all |= word
		if found := specials(word); found != 0 {
			return n + bits.TrailingZeros64(found)/8, all&high == 0
		}
	}
	for n < len(text) && Width(text[n]) == 1 {
		all |= uint64(text[n])
		n++
	}
	return n, all&high == 0
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
