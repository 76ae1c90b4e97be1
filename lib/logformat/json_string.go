package logformat

const hexDigits = "0123456789abcdef"

// appendString appends a text as a JSON string with only the escapes that JSON requires, so that the event stays readable and short.
// The text must be valid UTF-8. https://www.rfc-editor.org/rfc/rfc8259#section-7
func appendString[T string | []byte](dst []byte, text T) []byte {
	dst = append(dst, '"')
	start := 0
	for i := range len(text) {
		c := text[i]
		if stringWidth(c) == 1 {
			continue
		}
		dst = append(dst, text[start:i]...)
		start = i + 1
		switch c {
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
	}
	dst = append(dst, text[start:]...)
	return append(dst, '"')
}

// stringWidth returns the number of bytes that a byte takes in a JSON string.
func stringWidth(c byte) int {
	switch {
	case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
		return 2
	case c < 0x20:
		return len(`\u0000`)
	}
	return 1
}
