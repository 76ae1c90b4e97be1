package cli

import "regexp"

// controls is what a terminal obeys instead of showing it: colours (SGR, the only thing that may stay), and every control character but tab
// and newline, those of C1 included, of which U+009B begins a sequence as ESC [ does.
var controls = regexp.MustCompile(`\x1b\[[0-9;:]{0,64}m|[\x00-\x08\x0b-\x1f\x7f-\x{9f}]`)

const resetColours = "\x1b[0m"

// forTerminal is text from elsewhere as a terminal can have it: a visitor's request may stand in it, and must neither clear the screen nor
// set the window's title. Colours stay if they are wanted, and end with the text. Other control characters become visible: ESC is ␛.
func forTerminal(text string, colours bool) string {
	coloured := false
	text = controls.ReplaceAllStringFunc(text, func(found string) string {
		switch r := []rune(found); {
		case len(r) > 1 && colours:
			coloured = true
			return found
		case len(r) > 1:
			return ""
		case r[0] < ' ':
			return string('␀' + r[0]) // Unicode has a picture of each
		case r[0] == '\x7f':
			return "␡"
		}
		return "�"
	})
	if coloured {
		text += resetColours
	}
	return text
}
