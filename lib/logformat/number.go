package logformat

import (
	"bytes"
	"strconv"
)

// isNumber reports whether a text is a JSON number in the range of a float64, as what reads events expects.
func isNumber(text []byte) bool {
	if n := numberLength(text); n == 0 || n != len(text) {
		return false
	}
	const surely = 300 // digits; the largest float64 has 309
	if len(text) <= surely && bytes.IndexByte(text, 'e') < 0 && bytes.IndexByte(text, 'E') < 0 {
		return true // the usual case, without an allocation
	}
	_, err := strconv.ParseFloat(string(text), 64)
	return err == nil
}

// withoutUnit returns a value without the letters or percent signs that it ends in.
func withoutUnit(value []byte) []byte {
	end := len(value)
	for end > 0 && (isLetter(value[end-1]) || value[end-1] == '%') {
		end--
	}
	return value[:end]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
