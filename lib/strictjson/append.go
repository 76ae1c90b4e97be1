package strictjson

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendString appends a text as a JSON string with only the escapes that JSON requires, so that it stays readable and short. The text must be valid
// UTF-8. https://www.rfc-editor.org/rfc/rfc8259#section-7
func AppendString[T string | []byte](dst []byte, text T) []byte {
	dst, _ = appendString(dst, text)
	return dst
}

// AppendValid appends a text as AppendString does, and reports whether it is valid UTF-8. If it is not, what is appended is not JSON.
func AppendValid(dst []byte, text string) ([]byte, bool) {
	dst, ascii := appendString(dst, text)
	return dst, ascii || utf8.ValidString(text)
}

// appendString implements AppendString, and reports whether the text is ASCII, as far as it knows. It copies eight bytes at a time while it looks
// at them: between escapes, texts are too short for another function to copy them faster.
func appendString[T string | []byte](dst []byte, text T) (_ []byte, ascii bool) {
	dst = append(slices.Grow(dst, len(text)+len(`""`)+wordSize), '"')
	var all uint64
	for {
		for len(text) >= wordSize {
			word := wordOf(text)
			all |= word
			at := len(dst)
			binary.LittleEndian.PutUint64(dst[at:at+wordSize], word)
			if special := specials(word); special != 0 {
				n := bits.TrailingZeros64(special) / 8
				dst, text = dst[:at+n], text[n:]
				break
			}
			dst, text = dst[:at+wordSize], text[wordSize:]
		}
		for len(text) > 0 && Width(text[0]) == 1 {
			all |= uint64(text[0])
			dst, text = append(dst, text[0]), text[1:]
		}
		if len(text) == 0 {
			return append(dst, '"'), all&high == 0
		}
		dst = slices.Grow(appendEscape(dst, text[0]), len(text)+wordSize)
		text = text[1:]
	}
}

// appendEscape appends a character that needs an escape.
func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
}
