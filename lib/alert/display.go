package alert

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cutMark ends a text that was longer.
const cutMark = "…"

// display returns a text for people: one line, without control characters and invisible formatting, and at most limit bytes long.
func display(text []byte, limit int) string {
	var b strings.Builder
	space := true // the text so far is empty or ends in a space
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if space {
				continue
			}
			r, space = ' ', true
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			continue // it can hide or reorder text
		case r&0xfffe == 0xfffe: // not a character: SQS rejects U+FFFE and U+FFFF
			r, space = utf8.RuneError, false
		default:
			space = false
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			return cut(b.String(), limit)
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ")
}

// cut shortens a text so that it fits into limit bytes with a mark at its end. It cuts between characters.
func cut(text string, limit int) string {
	end := min(len(text), limit-len(cutMark))
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + cutMark
}
