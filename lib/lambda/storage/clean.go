package storage

import (
	"bytes"
	"unicode/utf8"
)

const (
	escape = 0x1b
	bell   = 0x07
)

// replacement stands for bytes that are no UTF-8: U+FFFD.
var replacement = []byte(string(utf8.RuneError))

// clean makes valid UTF-8 of a text, as CloudWatch wants it, without the colours when they are to go. Each run of bad bytes becomes one
// U+FFFD. Control characters stay: the SDK escapes them, and CloudWatch keeps them. A text that is clean comes back as it is.
func clean(text []byte, stripANSI bool) []byte {
	if stripANSI {
		text = stripSequences(text)
	}
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, replacement)
}

// stripSequences removes the terminal control sequences CSI (colours, cursor) and OSC (titles, links) of ECMA-48. Anything that is not a
// whole sequence stays. The text itself is not changed.
// https://ecma-international.org/publications-and-standards/standards/ecma-48/
func stripSequences(text []byte) []byte {
	at := bytes.IndexByte(text, escape)
	if at < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for at >= 0 {
		out = append(out, text[:at]...)
		text = text[at:]
		n := sequence(text)
		if n == 0 {
			out, n = append(out, escape), 1
		}
		text = text[n:]
		at = bytes.IndexByte(text, escape)
	}
	return append(out, text...)
}

// sequence is the length of the control sequence that the text begins with, or 0.
func sequence(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '[':
		return csi(text)
	case ']':
		return osc(text)
	}
	return 0
}

// csi is the length of "ESC [", parameters, intermediates and a final byte.
func csi(text []byte) int {
	i := 2
	for i < len(text) && 0x30 <= text[i] && text[i] <= 0x3f {
		i++
	}
	for i < len(text) && 0x20 <= text[i] && text[i] <= 0x2f {
		i++
	}
	if i < len(text) && 0x40 <= text[i] && text[i] <= 0x7e {
		return i + 1
	}
	return 0
}

// osc is the length of "ESC ]", a text without control characters, and BEL or "ESC \".
func osc(text []byte) int {
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case c == bell:
			return i + 1
		case c == escape && i+1 < len(text) && text[i+1] == '\\':
			return i + 2
		case c < 0x20 || c == 0x7f:
			return 0
		}
	}
	return 0
}
