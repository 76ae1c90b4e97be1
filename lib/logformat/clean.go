package logformat

import (
	"bytes"
	"unicode/utf8"
)

// ANSI says what happens to terminal control sequences, such as colors, in messages.
type ANSI int

const (
	KeepANSI ANSI = iota
	StripANSI
)

// Clean makes the line's texts valid UTF-8, which CloudWatch Logs requires: each run of invalid bytes becomes one U+FFFD. Control
// characters stay: the SDK escapes them, and CloudWatch Logs stores them. The texts are replaced, not changed in place.
func (l *Line) Clean(ansi ANSI) {
	if ansi == StripANSI && !l.Malformed { // malformed bytes stay as they were sent
		l.Message = stripSequences(l.Message)
	}
	l.Message = toUTF8(l.Message)
	l.OriginalTime, l.Host, l.Source, l.Process = toUTF8(l.OriginalTime), toUTF8(l.Host), toUTF8(l.Source), toUTF8(l.Process)
}

var replacement = []byte(string(utf8.RuneError))

func toUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text // the usual case, without a copy
	}
	return bytes.ToValidUTF8(text, replacement)
}

const (
	escape = 0x1b
	bell   = 0x07
)

// Plain returns a text without its terminal control sequences: see StripANSI. If it has any, the result is in the memory, which is returned for
// the next call.
func Plain(text, memory []byte) (plain, used []byte) {
	at := bytes.IndexByte(text, escape)
	if at < 0 {
		return text, memory
	}
	used = appendStripped(memory[:0], text, at)
	return used, used
}

// stripSequences removes the terminal control sequences CSI (colors, cursor) and OSC (titles, links) of ECMA-48. An incomplete sequence
// stays. The text itself is not changed.
// https://ecma-international.org/publications-and-standards/standards/ecma-48/
func stripSequences(text []byte) []byte {
	at := bytes.IndexByte(text, escape)
	if at < 0 {
		return text
	}
	return appendStripped(make([]byte, 0, len(text)), text, at)
}

// appendStripped is stripSequences for a text whose first escape character is at the given position.
func appendStripped(out, text []byte, at int) []byte {
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

// sequence returns the length of the control sequence at the beginning of the text, or 0.
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

// csi returns the length of "ESC [", parameters, intermediates and a final byte.
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

// osc returns the length of "ESC ]", a text without control characters, and BEL or "ESC \".
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
